# Sourced by scripts/demo and scripts/test: `.venv` with one extra of this project in it.
#
# An installation is repeated only when pyproject.toml, the interpreter or the folder changed, so that
# a second run needs no network. Every failure ends with one sentence that says what is missing.
# shellcheck shell=bash

VENV="$ROOT/.venv"
VENV_PYTHON="$VENV/bin/python"

# die SENTENCE: ends the command with one sentence that names the command.
die() {
    printf '%s: %s\n' "$COMMAND" "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# find_python: prints the first interpreter of 3.11 or newer; $PYTHON, where set, is the only candidate.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    if [ -x "$VENV_PYTHON" ] && is_new_enough "$VENV_PYTHON" && "$VENV_PYTHON" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    local python
    python=$(find_python) || die "Python 3.11 or newer is needed and was not found; install it, or name it in PYTHON."
    "$python" -m venv --clear "$VENV" >/dev/null 2>&1 ||
        die "$python cannot make a virtual environment; install its venv module (Debian and Ubuntu: apt-get install python3-venv)."
}

# fingerprint: one line that changes when an installation is out of date.
fingerprint() {
    printf '%s %s %s\n' "$ROOT" "$("$VENV_PYTHON" --version 2>&1)" "$(cksum <"$ROOT/pyproject.toml")"
}

is_installed() {
    [ -f "$VENV/installed-$1" ] && [ "$(cat "$VENV/installed-$1")" = "$(fingerprint)" ]
}

# install_extra EXTRA: puts this project with one of its extras into .venv, in place (editable).
install_extra() {
    make_venv
    # The developer's extra contains the others.
    if is_installed "$1" || is_installed dev; then
        return 0
    fi
    printf 'Installing isa-user[%s] into .venv ...\n' "$1"
    if ! "$VENV_PYTHON" -m pip install --quiet --disable-pip-version-check -e "$ROOT[$1]" >"$VENV/install.log" 2>&1; then
        tail -n 5 "$VENV/install.log" >&2
        die "installing isa-user[$1] failed (see above and .venv/install.log); the first run needs a Python package index."
    fi
    fingerprint >"$VENV/installed-$1"
}
