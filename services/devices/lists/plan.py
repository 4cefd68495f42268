"""What a list of devices would change, before anything is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from services.devices.categories import Category, list_categories
from services.devices.devices import Device, list_devices
from services.devices.editing import new_id
from services.devices.lists.cells import BadCell, Column, column, repeated
from services.devices.lists.headings import GROUP, HOURS, NAME, POWER, STATUS
from services.devices.lists.table import read_list
from services.file_names import as_text
from services.names import find_by_name, name_key
from services.progress import Progress, silent
from services.scope import Scope
from services.typed import typed


@dataclass(frozen=True)
class Change:
    """A device as it is and as the list has it."""

    before: Device
    after: Device

    @property
    def fields(self) -> list[str]:
        """The fields that differ, in the order of the columns."""
        fields = (NAME, GROUP, POWER, HOURS, STATUS)
        return [f for f in fields if getattr(self.before, f) != getattr(self.after, f)]


@dataclass(frozen=True)
class ListPlan:
    """What to do with a list; only where no cell is bad can it be done."""

    file: str
    new: list[Device]
    changed: list[Change]
    unchanged: int
    new_categories: dict[str, str] = field(default_factory=dict)
    """The ids they are to have, by name."""
    bad: list[BadCell] = field(default_factory=list)
    """By row."""


@typed
def plan_list(scope: Scope, path: Path, progress: Progress = silent) -> ListPlan:
    """Hold a file against the devices there are, which are known by their names however they are spelled.

    A column that the file does not have leaves that field of every device alone; an empty cell empties
    it, but a status. Nothing is stored. Raises `ListRefused`, `FileRefused`, and whatever ``progress``
    raises.
    """
    frame, headings = read_list(path, progress)
    columns = {name: column(name, headings[name], frame[name]) for name in frame.columns}
    bad = [cell for read in columns.values() for cell in read.bad]
    bad += repeated(headings[NAME], columns[NAME].values)
    if bad:
        return ListPlan(as_text(path.name), [], [], 0, bad=sorted(bad, key=lambda cell: cell.row))
    return _planned(scope, as_text(path.name), columns)


def _planned(scope: Scope, file: str, columns: dict[str, Column]) -> ListPlan:
    known = find_by_name((device.name, device) for device in list_devices(scope))
    category_of = find_by_name((category.name, category) for category in list_categories(scope))
    new_categories: dict[str, str] = {}
    made: dict[str, Category] = {}
    new, changed, unchanged = [], [], 0
    for values in _rows(columns):
        if group := values.pop(GROUP, None):
            category = category_of(group) or made.get(name_key(group))
            if category is None:
                category = made[name_key(group)] = Category(new_id(), group, 0)
                new_categories[group] = category.id
            values |= {"category_id": category.id, GROUP: category.name}
        elif group == "":
            values |= {"category_id": None, GROUP: ""}
        before = known(values[NAME])
        after = replace(before or _blank(), **values)
        if before is None:
            new.append(after)
        elif after != before:
            changed.append(Change(before, after))
        else:
            unchanged += 1
    return ListPlan(file, new, changed, unchanged, new_categories)


def _rows(columns: dict[str, Column]) -> Iterator[dict[str, Any]]:
    """The fields of each device that the list says something about."""
    frame = pd.DataFrame({name: read.values.astype("object") for name, read in columns.items()})
    for row in frame.to_dict("records"):
        values = {str(name): None if pd.isna(value) else value for name, value in row.items()}
        if not values.get(STATUS, "given"):
            del values[STATUS]
        yield values


def _blank() -> Device:
    return Device(new_id(), "", None, "", None, None, "active", datetime.now(UTC))
