"""State files that no server uses at the moment: what is in one, and a saved state put into one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from .kernel.changes import rebuild
from .kernel.codec import decode, encode
from .kernel.state import load, load_proved
from .kernel.world import World
from .persist.archive import holds_state, open_archive, read_archive
from .persist.store import StateFileError
from .slices import blueprint
from .web.sandboxes import DEFAULT
from .worlds import Start, unused_world


def kept_world(path: Path) -> World:
    """The default World that a file keeps, which is not touched.

    Raises:
        StateFileError: there is no such file, it is in use, damaged or no state file, or nothing is in it.
    """
    kept = read_archive(path, blueprint().tables, DEFAULT)
    start = decode(Start, json.loads(kept.start or ""))
    world = unused_world(start)
    rebuild(world, kept)
    return world


def import_state(path: Path, document: Mapping[str, Any], *, replace_it: bool) -> World:
    """Keep the state that `dump` wrote in a file that no server uses, as its default World; gives that.

    Where the file has state already, `replace_it` puts this in place of its default World and snapshots;
    sandboxes, and what a reset goes back to, stay as they are.

    Raises:
        ValueError: the document is no state, or does not add up.
        StateFileError: the file has state that is not to be replaced, or cannot be used.
    """
    tables = blueprint().tables
    if holds_state(path, tables) and not replace_it:
        raise StateFileError(f"{path} has state already: replace it with --force, or name another file.")
    from_now = Start.chosen("none", None, None)
    load_proved(unused_world(from_now), document)
    with closing(open_archive(path, tables, grouped=False)) as archive:
        start = archive.starts().get(DEFAULT) or json.dumps(encode(from_now))
        world = unused_world(decode(Start, json.loads(start)))
        load(world, document)
        try:
            archive.keep(world, start)
        except (OSError, sqlite3.Error) as error:
            raise StateFileError(f"{path} cannot be written: {error}.") from error
    return world
