"""Keep load profiles in memory and in memory-mapped files, as long as they are those of the database.

Nothing in the files can be run, only read. What is written beside them is signed with the installation's key,
and says whose they are and how each file was when it was written: to compare that takes no time, and neither
another's files nor altered ones pass.
"""

import hashlib
import hmac
import json
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from services import revision
from services.readings.load_profile import DailySums, Grid, LoadProfile, build_load_profile
from services.readings.storage import monthly_blocks
from services.scope import Scope
from services.secret_store import DataFolderRefused
from services.settings import Settings

ABOUT = "load.json"
FORMAT = 5
OF_A_GRID = ("rows", "first", "bounds", "kwh", "there")


@dataclass(frozen=True)
class CacheDir:
    """Where the loads of a user lie, and the key that they are signed with."""

    folder: Path
    owner: ObjectId
    key: bytes

    def of(self, revision: ObjectId) -> Path:
        """Return the folder of the load of that revision."""
        return self.folder / str(revision)


def write_files(load: LoadProfile, shelf: CacheDir) -> None:
    """Write a load, of some revision, into a new folder, which has its name only once it is whole."""
    assert load.revision is not None
    path = shelf.of(load.revision)
    draft = path.with_name(f"{uuid.uuid4().hex}.draft")
    draft.mkdir(parents=True, mode=0o700)
    for name, values in _arrays(load):
        np.save(draft / f"{name}.npy", values)
    about = {
        "format": FORMAT,
        "owner": str(shelf.owner),
        "revision": str(load.revision),
        "timezone": load.timezone,
        "meters": [[str(device_id), location] for device_id, location in load.meters],
        "intervals": load.intervals.tolist(),
        "begin": load.begin,
        "hours": load.hours,
        "grids": [[grid.step, grid.coarse] for grid in load.grids],
        "files": {name: _file_state(draft / f"{name}.npy") for name, _ in _arrays(load)},
    }
    (draft / ABOUT).write_text(json.dumps({"about": about, "signature": _signature(about, shelf.key)}))
    draft.rename(path)


def read_files(shelf: CacheDir, revision: ObjectId, timezone: str) -> LoadProfile | None:
    """Return the load of that revision, if it is there and as it was written for this user."""
    path = shelf.of(revision)
    try:
        about = _read_signed(path, shelf.key)
        known = (about["format"], about["owner"], about["revision"], about["timezone"])
        if known != (FORMAT, str(shelf.owner), str(revision), timezone):
            return None
        if any(_file_state(path / f"{name}.npy") != state for name, state in about["files"].items()):
            return None
        return LoadProfile(
            revision,
            timezone,
            [(ObjectId(device_id), location) for device_id, location in about["meters"]],
            np.array(about["intervals"], "int64"),
            about["begin"],
            about["hours"],
            DailySums(*(_memory_map(path, f"days-{field.name}") for field in fields(DailySums))),
            [
                Grid(
                    step,
                    coarse,
                    *(_memory_map(path, f"{_grid_name(step, coarse)}-{name}") for name in OF_A_GRID),
                )
                for step, coarse in about["grids"]
            ],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remove_files(path: Path) -> None:
    """Remove a folder, or leave it for the next time where a program has it mapped."""
    shutil.rmtree(path, ignore_errors=True)


def _arrays(load: LoadProfile) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    for field in fields(DailySums):
        yield f"days-{field.name}", getattr(load.days, field.name)
    for grid in load.grids:
        for name in OF_A_GRID:
            yield f"{_grid_name(grid.step, grid.coarse)}-{name}", getattr(grid, name)


def _grid_name(step: int, coarse: bool) -> str:
    return f"grid-{step}-long" if coarse else f"grid-{step}"


def _read_signed(path: Path, key: bytes) -> dict[str, Any]:
    """Return what is told of the files. Raises `ValueError` unless this installation wrote it."""
    told = json.loads((path / ABOUT).read_text())
    about: dict[str, Any] = told["about"]
    if not hmac.compare_digest(str(told["signature"]).encode(), _signature(about, key).encode()):
        raise ValueError("not as this installation signed it")
    return about


def _signature(about: dict[str, Any], key: bytes) -> str:
    written = json.dumps(about, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, b"load\0" + written, hashlib.sha256).hexdigest()


def _file_state(file: Path) -> list[int]:
    """Return size (bytes), modification time as programs may set it, and change time (ns)."""
    state = file.stat(follow_symlinks=False)
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns]


def _memory_map(path: Path, name: str) -> npt.NDArray[Any]:
    mapped: npt.NDArray[Any] = np.load(path / f"{name}.npy", mmap_mode="r")
    return mapped


LOADS = 3
"""So many users' loads are in memory at most; with a folder to map from they weigh little."""

Key = tuple[ObjectId, str]


class LoadCache:
    """The newest loads, by user and time zone; safe to use from several threads."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self._loads: OrderedDict[Key, LoadProfile] = OrderedDict()
        self._lock = threading.Lock()

    def load(self, scope: Scope) -> LoadProfile:
        """Return the load as the database has it now."""
        key = (scope.user_id, scope.timezone)
        with self._lock:
            found = self._loads.get(key)
            if found is None or found.revision != revision.current(scope):
                found = self._loads[key] = self._opened(scope)
            self._loads.move_to_end(key)
            while len(self._loads) > LOADS:
                self._loads.popitem(last=False)
        return found

    def _opened(self, scope: Scope) -> LoadProfile:
        now, shelf = revision.current(scope), self._shelf(scope)
        if now and shelf and (found := read_files(shelf, now, scope.timezone)):
            return found
        found = _read_database(scope)
        return (_write_and_map(found, shelf) if shelf and found.meters else None) or found

    def _shelf(self, scope: Scope) -> CacheDir | None:
        """Return where the user's loads lie; None where nothing can be kept."""
        if self.settings is None:
            return None
        try:
            key = self.settings.signing_key
        except DataFolderRefused:
            return None
        return CacheDir(self.settings.data_dir / "loads" / str(scope.user_id), scope.user_id, key)


def _read_database(scope: Scope) -> LoadProfile:
    """Build the profile from the database; anew if the readings changed meanwhile."""
    while True:
        before = revision.current(scope)
        runs = [
            (meter, monthly_blocks.concatenate([monthly_blocks.unpack_block(block) for block in of_meter]))
            for meter, of_meter in monthly_blocks.find_blocks(scope, {})
        ]
        if revision.current(scope) == before:
            return build_load_profile(before, scope.timezone, runs)


def _write_and_map(load: LoadProfile, shelf: CacheDir) -> LoadProfile | None:
    """Return the same load out of files, which replace the older ones; None where they cannot be written."""
    if load.revision is None:
        return None
    try:
        for older in shelf.folder.glob("*"):
            remove_files(older)
        write_files(load, shelf)
    except OSError:
        return None
    return read_files(shelf, load.revision, load.timezone)


_cache = LoadCache()


def load_profile_of(scope: Scope) -> LoadProfile:
    """Return all readings of a user, as the database has them now.

    What is in memory or in the files beside the database is used as long as it is of the same revision.
    """
    return _cache.load(scope)


def keep_files(settings: Settings) -> None:
    """Keep profiles in files of the data folder from now on, signed with the installation's key."""
    _cache.settings = settings
