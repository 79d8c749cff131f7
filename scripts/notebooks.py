"""Runs the notebooks of examples/notebooks and saves their outputs, or with --check compares what they print.

Usage: python -m scripts.notebooks [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat as _nbformat
from nbclient import NotebookClient
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "notebooks"
CELL_TIMEOUT_S = 60
nbformat: Any = _nbformat  # it has no types


def notebooks() -> list[Path]:
    """Every notebook, by name."""
    return sorted(FOLDER.glob("*.ipynb"))


def load(path: Path) -> Any:
    """The notebook as it is saved."""
    return nbformat.read(path, as_version=4)


def executed(path: Path) -> Any:
    """The notebook with fresh outputs; what a cell raises passes through."""
    notebook = load(path)
    with TemporaryDirectory() as folder:
        # Sockets in a folder of this user's own, rather than ports that others could listen to.
        config = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})
        options: dict[str, Any] = {"timeout": CELL_TIMEOUT_S, "record_timing": False}
        NotebookClient(notebook, kernel_name="python3", config=config, **options).execute(cwd=str(FOLDER))
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    # Of the interpreter that ran it nothing is kept, so that another one changes nothing.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def printed(notebook: Any) -> list[str]:
    """What a reader can read in the outputs: the text of each, without the pictures' bytes."""
    return [text for cell in notebook.cells for output in cell.get("outputs", ()) for text in _texts(output)]


def main(arguments: list[str]) -> int:
    """0, or 1 where with --check a notebook prints something else than it has saved."""
    stale = []
    for path in notebooks():
        notebook = executed(path)
        if arguments == ["--check"]:
            stale += [path.name] if printed(load(path)) != printed(notebook) else []
        else:
            nbformat.write(notebook, path)
    for name in stale:
        print(f"{name} prints something else now; run python -m scripts.notebooks", file=sys.stderr)
    return 1 if stale else 0


def _texts(output: Any) -> Iterator[str]:
    if output.output_type == "stream":
        yield output.text
    elif "image/png" in output.get("data", {}):
        yield "a picture"
    else:
        yield from (text for kind, text in sorted(output.get("data", {}).items()) if kind.startswith("text/"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
