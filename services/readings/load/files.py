"""A load in files that are mapped into memory: the next program to open it has it at once.

Nothing in them can be run, only read. What is written beside them is signed with the installation's key, and
says whose they are and how each file was when it was written: to compare that takes no time, and neither
another's files nor altered ones pass.
"""

import hashlib
import hmac
import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from services.readings.days import Days
from services.readings.load.grid import Grid
from services.readings.load.load import Load

ABOUT = "load.json"
FORMAT = 3
OF_A_GRID = ("rows", "first", "bounds", "kwh", "there")


@dataclass(frozen=True)
class Shelf:
    """Where the loads of a user lie, and the key that they are signed with."""

    folder: Path
    owner: ObjectId
    key: bytes

    def of(self, revision: ObjectId) -> Path:
        """The folder of the load of that revision."""
        return self.folder / str(revision)


def save(load: Load, shelf: Shelf) -> None:
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
        "begin": load.begin,
        "hours": load.hours,
        "steps": [grid.step for grid in load.grids],
        "files": {name: _state(draft / f"{name}.npy") for name, _ in _arrays(load)},
    }
    (draft / ABOUT).write_text(json.dumps({"about": about, "signature": _signature(about, shelf.key)}))
    draft.rename(path)


def saved(shelf: Shelf, revision: ObjectId, timezone: str) -> Load | None:
    """The load of that revision, if it is there and as it was written for this user."""
    path = shelf.of(revision)
    try:
        about = _signed(path, shelf.key)
        known = (about["format"], about["owner"], about["revision"], about["timezone"])
        if known != (FORMAT, str(shelf.owner), str(revision), timezone):
            return None
        if any(_state(path / f"{name}.npy") != state for name, state in about["files"].items()):
            return None
        return Load(
            revision,
            timezone,
            [(ObjectId(device_id), location) for device_id, location in about["meters"]],
            about["begin"],
            about["hours"],
            Days(*(_mapped(path, f"days-{field.name}") for field in fields(Days))),
            [
                Grid(step, *(_mapped(path, f"grid-{step}-{name}") for name in OF_A_GRID))
                for step in about["steps"]
            ],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remove(path: Path) -> None:
    """Remove a folder, or leave it for the next time where a program has it mapped."""
    shutil.rmtree(path, ignore_errors=True)


def _arrays(load: Load) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    for field in fields(Days):
        yield f"days-{field.name}", getattr(load.days, field.name)
    for grid in load.grids:
        for name in OF_A_GRID:
            yield f"grid-{grid.step}-{name}", getattr(grid, name)


def _signed(path: Path, key: bytes) -> dict[str, Any]:
    """What is told of the files. Raises `ValueError` unless this installation wrote it."""
    told = json.loads((path / ABOUT).read_text())
    about: dict[str, Any] = told["about"]
    if not hmac.compare_digest(str(told["signature"]).encode(), _signature(about, key).encode()):
        raise ValueError("not as this installation signed it")
    return about


def _signature(about: dict[str, Any], key: bytes) -> str:
    written = json.dumps(about, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, b"load\0" + written, hashlib.sha256).hexdigest()


def _state(file: Path) -> list[int]:
    """Size, and when it was written (ns): as programs may set it, and as the system alone notes it."""
    state = file.stat(follow_symlinks=False)
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns]


def _mapped(path: Path, name: str) -> npt.NDArray[Any]:
    mapped: npt.NDArray[Any] = np.load(path / f"{name}.npy", mmap_mode="r")
    return mapped
