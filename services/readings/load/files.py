"""A load in files that are mapped into memory: the next program to open it has it at once."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from services.readings.days import Days
from services.readings.load.grid import Grid
from services.readings.load.load import Load

ABOUT = "load.json"
FORMAT = 1
OF_A_GRID = ("rows", "first", "bounds", "kwh", "there")


def save(load: Load, path: Path) -> None:
    """Write a load into a new folder, which has its name only once it is whole."""
    draft = path.with_name(f"{uuid.uuid4().hex}.draft")
    draft.mkdir(parents=True, mode=0o700)
    for name, values in _arrays(load):
        np.save(draft / f"{name}.npy", values)
    about = {
        "format": FORMAT,
        "revision": str(load.revision),
        "timezone": load.timezone,
        "meters": [[str(device_id), location] for device_id, location in load.meters],
        "begin": load.begin,
        "hours": load.hours,
        "steps": [grid.step for grid in load.grids],
    }
    (draft / ABOUT).write_text(json.dumps(about))
    draft.rename(path)


def saved(path: Path, revision: ObjectId, timezone: str) -> Load | None:
    """The load in that folder, if it is there and of that revision."""
    try:
        about = json.loads((path / ABOUT).read_text())
        if (about["format"], about["revision"], about["timezone"]) != (FORMAT, str(revision), timezone):
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
    except (OSError, ValueError, KeyError):
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


def _mapped(path: Path, name: str) -> npt.NDArray[Any]:
    mapped: npt.NDArray[Any] = np.load(path / f"{name}.npy", mmap_mode="r")
    return mapped
