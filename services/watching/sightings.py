"""Which files of a folder have stopped growing."""

import time
from pathlib import Path
from typing import TypedDict

from services.readings.sources import SUFFIXES
from services.scope import Scope
from services.watching.folder import key

SETTLED = 5.0
"""Seconds by this machine's clock, over which a file that is whole stays as it is."""
OLD = 60.0
"""Seconds since it was last changed, after which a file is taken as whole at first sight."""


class Sighting(TypedDict):
    """A file as it was seen: size in bytes, last change in ns, and since when (s) it has been so."""

    name: str
    size: int
    modified: int
    since: float


def settled(scope: Scope, folder: Path) -> list[Path]:
    """The files of the folder that are whole, by name; the others are noted for the next time."""
    document = scope.db["watched_folders"].find_one(key(scope)) or {}
    before: dict[str, Sighting] = {seen["name"]: seen for seen in document.get("sightings", [])}
    now = time.time()
    seen = [s for path in sorted(folder.iterdir()) if _is_wanted(path) and (s := _seen(path, before, now))]
    whole = [
        sighting
        for sighting in seen
        if now - sighting["since"] >= SETTLED
        or (sighting["name"] not in before and now - sighting["modified"] / 1e9 >= OLD)
    ]
    growing = [sighting for sighting in seen if sighting not in whole]
    scope.db["watched_folders"].update_one(key(scope), {"$set": {"sightings": growing}})
    return [folder / sighting["name"] for sighting in whole]


def _is_wanted(path: Path) -> bool:
    """Whether it is a file of readings: none that is hidden, or by its name unfinished or a lock."""
    return not path.name.startswith((".", "~")) and path.suffix[1:].lower() in SUFFIXES and path.is_file()


def _seen(path: Path, before: dict[str, Sighting], now: float) -> Sighting | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None  # taken away since
    last = before.get(path.name)
    same = last is not None and (last["size"], last["modified"]) == (state.st_size, state.st_mtime_ns)
    since = min(last["since"], now) if last is not None and same else now  # the clock may have been set back
    return Sighting(name=path.name, size=state.st_size, modified=state.st_mtime_ns, since=since)
