"""Which files have stopped growing: seen twice as they are, and with nobody who still writes them."""

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypedDict

from services.watching.writers import Busy, is_written

SETTLED = 5.0
"""Seconds by this machine's clock, over which a file that is whole stays as it is."""
OLD = 60.0
"""Seconds since it was last changed, after which a file is taken as whole at first sight, and a file that a
program holds open to write is."""
HELD = 600.0
"""Seconds after which a file is read that is held open and written now and then, once it has settled."""


class FileState(NamedTuple):
    """What changes when a file is written: its size in bytes, and when that was last done, in ns.

    Not its inode, which a network drive may number anew.
    """

    size: int
    modified: int


class Sighting(TypedDict):
    """A file as it was seen: its name below the folder, and since when (s) it has been so and been seen."""

    name: str
    size: int
    modified: int
    since: float
    first: float


def state_of(path: Path) -> FileState | None:
    """The state of a regular file; None for what is none (any more)."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return FileState(found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def settled(
    folder: Path, names: Iterable[str], before: Mapping[str, Sighting], now: float
) -> tuple[list[str], list[Sighting], dict[str, OSError]]:
    """Those of the files that are whole, the sightings of the others, and why some cannot be opened."""
    whole: list[str] = []
    growing: list[Sighting] = []
    unopened: dict[str, OSError] = {}
    for name in names:
        state = state_of(folder / name)
        if state is None:
            continue  # taken away since
        sighting = _sighting(name, state, before.get(name), now)
        try:
            is_whole = _is_whole(folder / name, sighting, name in before, now)
        except FileNotFoundError:
            continue
        except Busy:
            is_whole = False
        except OSError as error:
            unopened[name] = error
            continue
        if is_whole:
            whole.append(name)
        else:
            growing.append(sighting)
    return whole, growing, unopened


def _sighting(name: str, state: FileState, last: Sighting | None, now: float) -> Sighting:
    same = last is not None and (last["size"], last["modified"]) == state
    since = min(last["since"], now) if last is not None and same else now  # the clock may have been set back
    first = min(last.get("first", now), now) if last is not None else now
    return Sighting(name=name, size=state.size, modified=state.modified, since=since, first=first)


def _is_whole(path: Path, sighting: Sighting, seen_before: bool, now: float) -> bool:
    quiet = now - sighting["since"]
    is_held = is_written(path)
    if not seen_before:
        return now - sighting["modified"] / 1e9 >= OLD
    return quiet >= SETTLED and (not is_held or quiet >= OLD or now - sighting["first"] >= HELD)
