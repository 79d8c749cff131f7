"""`isa-mockserver reset` and `isa-mockserver state`: start over, save everything, load it again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import click

from isa_mockserver.kernel.state import dump

from .output import clock_words, show
from .remote import Remote, chosen_sandbox, remote_options


@click.command()
@remote_options
def reset(url: str, token: str | None, as_json: bool) -> None:
    """Go back to start-up: fixture, clock and ids."""
    document = Remote(url, token).call("reset")
    show(document, as_json=as_json, words=f"back to the start; the clock says {clock_words(document)}")


@click.group()
def state() -> None:
    """Save the whole state to a file, or load it."""


@state.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="STATEFILE",
    help="Read it from where a stopped server kept its state (serve --data), and leave that as it is.",
)
@remote_options
def save(file: Path, data: Path | None, url: str, token: str | None, as_json: bool) -> None:
    """Write everything to FILE, which only you can read: secrets are in it."""
    _refuse_sandbox(data)
    document = Remote(url, token).call("save_state") if data is None else _kept(data)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    try:
        _replace(file, text)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    saved = {"file": str(file), "bytes": len(text.encode()), "clock": document["clock"]}
    show(saved, as_json=as_json, words=f"saved to {file} ({saved['bytes']} bytes)")


@state.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="STATEFILE",
    help="Put it where a server that is to be started keeps its state (serve --data).",
)
@click.option("--force", is_flag=True, help="With --data: in place of the state that is there.")
@remote_options
def load(file: Path, data: Path | None, force: bool, url: str, token: str | None, as_json: bool) -> None:
    """Replace everything by what FILE holds."""
    if force and data is None:
        raise click.UsageError("--force goes with --data STATEFILE.")
    _refuse_sandbox(data)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
    if data is None:
        clock = Remote(url, token).call("load_state", body=content)
        show(clock, as_json=as_json, words=f"loaded {file}; the clock says {clock_words(clock)}")
        return
    clock = _keep(file, content, data, force)
    show(clock, as_json=as_json, words=f"loaded {file} into {data}; the clock says {clock_words(clock)}")


def _kept(data: Path) -> Any:
    """What a server that was started with this file would show, but for what fell due since it stopped."""
    from isa_mockserver.persist.store import StateFileError
    from isa_mockserver.statefiles import kept_world

    try:
        return dump(kept_world(data))
    except StateFileError as error:
        raise click.ClickException(str(error)) from None


def _keep(file: Path, content: bytes, data: Path, force: bool) -> Any:
    """Put the state where a server will find it; gives its clock."""
    from isa_mockserver.kernel.clock import format_time
    from isa_mockserver.persist.store import StateFileError
    from isa_mockserver.statefiles import import_state

    try:
        document = json.loads(content)
        if not isinstance(document, dict):
            raise ValueError("it is not a JSON object")
        world = import_state(data, document, replace_it=force)
    except StateFileError as error:
        raise click.ClickException(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{file} cannot be loaded: {error}.") from None
    return {"now": format_time(world.clock.now()), "frozen": world.clock.frozen}


def _refuse_sandbox(data: Path | None) -> None:
    if data is not None and chosen_sandbox() is not None:
        raise click.UsageError("With --data it is the default sandbox's state; --sandbox has no meaning.")


def _replace(file: Path, text: str) -> None:
    """Write beside the file and rename, so that a failure leaves the old file whole."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=file.name, delete=False) as beside:
        try:
            beside.write(text)
            beside.flush()
            os.fsync(beside.fileno())
            Path(beside.name).replace(file)
        except BaseException:
            Path(beside.name).unlink(missing_ok=True)
            raise
