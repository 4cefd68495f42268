"""The list of devices as a spreadsheet: written, edited elsewhere, read again and stored whole or not at all.

Its columns are `devices.FIELDS`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pymongo.errors import BulkWriteError

from services.devices import (
    FIELDS,
    Category,
    Device,
    DeviceField,
    add_devices,
    edit_devices,
    list_categories,
    list_devices,
    new_device,
    new_id,
    remove_unused,
    revised,
)
from services.devices.names import DeviceRefused, index_of_duplicate, name_taken, object_id
from services.devices.parents import Documents, check_documents
from services.devices.units import check as check_unit
from services.errors import LoadlensError
from services.file_names import as_text
from services.messages import N_
from services.names import LONGEST, TOO_LONG, find_by_name, name_fields, name_key, told_of
from services.progress import Progress, silent
from services.scope import Scope
from services.sheets import cells, words
from services.sheets.cells import decimal_mark, parse_numbers, text
from services.sheets.sources import Sheet, open_sheets
from services.tables import write_table
from services.typed import typed
from services.utilities import UTILITIES

MOST_ROWS = 20_000

WORDS = {"device": words.DEVICE, "category": words.CATEGORY, "number": words.NUMBER}
"""Headings that lists of devices share with files of readings, by the field of `readings.FIELDS`."""
UNITS = ("w", "kw", "mw", "watt", "watts", "h", "h day", "h d", "hours day", "h tag", "h jour")
"""What may stand behind a heading, as `words.plain` writes it."""
UNIT = re.compile(r"(?i)([km]?w)$")

NAMELESS = N_("The device has no name.")
TWICE = N_("The device of this name stands in row {earlier} already.")
NO_PARENT = N_("There is no device of this name, neither here nor in the list.")


class ListRefused(LoadlensError):
    """The file holds no list of devices, or one that cannot be taken as it is."""


@dataclass(frozen=True)
class BadCell:
    """A cell that cannot be taken; ``reason`` is a message with the places of ``details``."""

    row: int
    """As a spreadsheet program numbers it."""
    column: str
    value: str
    reason: str
    details: dict[str, object]


@dataclass(frozen=True)
class Change:
    """A device as it is and as the list has it."""

    before: Device
    after: Device

    @property
    def fields(self) -> list[str]:
        """Return the attributes that differ, in the order of the columns."""
        return [f.shown for f in FIELDS if getattr(self.before, f.shown) != getattr(self.after, f.shown)]


@dataclass(frozen=True)
class ListPlan:
    """What a list changes; it can be stored only if no cell is bad."""

    file: str
    new: list[Device]
    changed: list[Change]
    unchanged: int
    new_categories: dict[str, str] = default(default_factory=dict)
    """The ids they are to have, by name."""
    bad: list[BadCell] = default(default_factory=list)
    """By row."""


@dataclass(frozen=True)
class _Column:
    """The values of one field, text or numbers with NaN where a cell is empty, indexed by row."""

    values: pd.Series
    bad: list[BadCell]


def export_devices(devices: Sequence[Device], path: Path) -> None:
    """Write the devices in the order given as .csv or .xlsx; raises `TableRefused`.

    The headings are English whatever the language of the program, so that anyone's Loadlens reads them.
    """
    rows = [[field.write(getattr(device, field.shown)) for field in FIELDS] for device in devices]
    frame = pd.DataFrame(rows, columns=[field.heading for field in FIELDS])
    write_table(frame.convert_dtypes(), path)  # 850 W, not 850.0, where all ratings are whole


@typed
def plan_list(scope: Scope, path: Path, progress: Progress = silent) -> ListPlan:
    """Compare a file with the devices there are, which are known by their names however they are spelled.

    A column that the file does not have leaves that field of every device alone; an empty cell empties
    it, but not a status. Nothing is stored. Raises `ListRefused`, `FileRefused`, and whatever ``progress``
    raises.
    """
    frame, headings = _read(path, progress)
    columns = {
        field.shown: _read_column(field, headings[field.shown], frame[field.shown])
        for field in FIELDS
        if field.shown in frame
    }
    bad = [cell for column in columns.values() for cell in column.bad]
    bad += _repeated(headings["name"], columns["name"].values)
    if bad:
        return ListPlan(as_text(path.name), [], [], 0, bad=sorted(bad, key=lambda cell: cell.row))
    return _compare(scope, as_text(path.name), columns, headings)


@typed
def import_list(scope: Scope, plan: ListPlan) -> None:
    """Make the devices and categories that are new and change the others.

    Raises `ListRefused` while a cell is bad, and `DeviceRefused` when devices were changed meanwhile so
    that it cannot be done any more; then everything is as it was.
    """
    if plan.bad:
        worst = plan.bad[0]
        raise ListRefused(
            "Row {row} of {file}, column “{column}”: “{value}” cannot be taken. Mend it and import again.",
            row=worst.row,
            file=plan.file,
            column=worst.column,
            value=worst.value,
        )
    try:
        _add_categories(scope, plan)
        add_devices(scope, [replace(device, parent_id=None) for device in plan.new])
        edit_devices(scope, [*(change.after for change in plan.changed), *_hung(plan)])
    except BaseException:
        _remove_new(scope, plan)
        raise


@typed
def undo_list(scope: Scope, plan: ListPlan) -> None:
    """Undo `import_list`. Raises `DeviceRefused` when a new device has readings by now."""
    single = [replace(device, parent_id=None) for device in _hung(plan)]
    edit_devices(scope, [*(change.before for change in plan.changed), *single])
    try:
        _remove_new(scope, plan)
    except BaseException:
        edit_devices(scope, [*(change.after for change in plan.changed), *_hung(plan)])
        raise


def _hung(plan: ListPlan) -> list[Device]:
    """Return the new devices that hang behind others: these may be new, or changed by the same list."""
    return [device for device in plan.new if device.parent_id]


def _add_categories(scope: Scope, plan: ListPlan) -> None:
    documents = [
        scope.owned({"_id": object_id(key, "category"), **name_fields(name), "createdAt": datetime.now(UTC)})
        for name, key in plan.new_categories.items()
    ]
    try:
        if documents:
            scope.db["categories"].insert_many(documents)
    except BulkWriteError as error:
        raise name_taken(documents[index_of_duplicate(error)]["name"], "category") from None


def _remove_new(scope: Scope, plan: ListPlan) -> None:
    remove_unused(scope, [device.id for device in plan.new], list(plan.new_categories.values()))


def _read(path: Path, progress: Progress) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the cells below the headings, a column a field, indexed by row; and each field's heading."""
    for sheet in open_sheets(path, progress):
        for header, row in enumerate(sheet.head):
            if fields := _fields_of(row):
                return _below(sheet, header, fields), {f: str(row[c]).strip() for f, c in fields.items()}
    raise ListRefused(
        "{file} has no column that names devices. Its first row must hold the headings, one of them "
        "“{heading}”.",
        file=path.name,
        heading=FIELDS[0].heading,
    )


def _fields_of(header: Sequence[str | None]) -> dict[str, int]:
    """Return the column of each field that a row of headings names; none unless there is one of names."""
    found: dict[str, int] = {}
    for field in FIELDS:
        accepted = (*WORDS.get(field.like, ()), *field.words)
        for column, cell in enumerate(header):
            heading = _without_unit(words.plain(cell or ""))
            if column not in found.values() and words.is_word(heading, accepted):
                found[field.shown] = column
                break
    return found if "name" in found else {}


def _without_unit(heading: str) -> str:
    unit = max((u for u in UNITS if heading.endswith(f" {u}")), key=len, default="")
    return heading.removesuffix(f" {unit}") if unit else heading


def _below(sheet: Sheet, header: int, fields: dict[str, int]) -> pd.DataFrame:
    if sheet.rows > MOST_ROWS:
        raise ListRefused(
            "{file} has {rows} rows, more than a list of devices. Is it a file of readings? Import it on "
            "the import page.",
            file=sheet.path.name,
            rows=sheet.rows,
        )
    named = [str(number) for number in range(len(sheet.head[header]))]
    frame = cells.drop_blank_rows(cells.rows_below(sheet, header + 1, named))
    if frame.empty:
        raise ListRefused("{file} has headings, but no device below them.", file=sheet.path.name)
    return pd.DataFrame({field: frame[str(column)] for field, column in fields.items()})


def _read_column(field: DeviceField, heading: str, cells: pd.Series) -> _Column:
    shown = text(cells).astype("object")
    if field.kind == "number":
        return _read_numbers(field, heading, cells, shown)
    if field.kind == "choice":
        read = [_choice(field, cell) if cell else None for cell in shown]
        values = pd.Series(read, index=shown.index, dtype="object")
        reasons = ["" if value is None or field.allows(value) else field.refusal for value in read]
        return _Column(values, _bad(heading, shown, reasons))
    visible = shown.map(name_key) != ""
    reasons = ["" if field.kind != "name" or is_visible else NAMELESS for is_visible in visible]
    values = shown.where(visible, "")
    return _Column(values, [*_bad(heading, shown, reasons), *_too_long(heading, values)])


def _choice(field: DeviceField, cell: str) -> object:
    """Return the choice that a cell names, or what it says where it is none of them."""
    return field.spellings.get(cell.casefold() if field.symbols else words.plain(cell), cell)


def _read_numbers(field: DeviceField, heading: str, cells: pd.Series, shown: pd.Series) -> _Column:
    values = parse_numbers(cells, decimal_mark([cells]))
    if field.scales:
        values = values * _scales(field, heading, shown)
    energy = shown.str.lower().str.endswith("wh")
    lost = (shown != "") & (values.isna() | energy)
    reasons = [
        field.not_a_number
        if is_lost
        else ("" if field.allows(None if np.isnan(value) else value) else field.refusal)
        for value, is_lost in zip(values, lost, strict=True)
    ]
    return _Column(values, _bad(heading, shown, reasons))


def _scales(field: DeviceField, heading: str, shown: pd.Series) -> pd.Series:
    """Return by what to multiply each cell: its own unit counts, else the heading's."""
    over = UNIT.search(re.sub(r"[^A-Za-z]+$", "", heading))
    default = over[1].lower() if over else ""
    units = [UNIT.search(cell) for cell in shown]
    return pd.Series(
        [field.scales[unit[1].lower() if unit else default] for unit in units], index=shown.index
    )


def _bad(heading: str, shown: pd.Series, reasons: Sequence[str]) -> list[BadCell]:
    return [
        BadCell(int(str(row)), heading, cell, reason, {})
        for (row, cell), reason in zip(shown.items(), reasons, strict=True)
        if reason
    ]


def _too_long(heading: str, values: pd.Series) -> list[BadCell]:
    return [
        BadCell(int(str(row)), heading, value, TOO_LONG, told_of(value))
        for row, value in values[values.str.len() > LONGEST].items()
    ]


def _repeated(heading: str, names: pd.Series) -> list[BadCell]:
    """Return the names that an earlier row has, however they are spelled."""
    earlier: dict[str, int] = {}
    found = []
    for row, name in names.items():
        first = earlier.setdefault(name_key(name), int(str(row)))
        if name and first != row:
            found.append(BadCell(int(str(row)), heading, name, TWICE, {"earlier": first}))
    return found


def _compare(scope: Scope, file: str, columns: dict[str, _Column], headings: dict[str, str]) -> ListPlan:
    known = list_devices(scope)
    find = find_by_name((device.name, device) for device in known)
    category_of = find_by_name((category.name, category) for category in list_categories(scope))
    new_categories: dict[str, str] = {}
    made: dict[str, Category] = {}
    parents: dict[str, str] = {}
    listed: dict[int, Change] = {}
    for row, values in _rows(columns):
        if group := values.pop("category", None):
            category = category_of(group) or made.get(name_key(group))
            if category is None:
                category = made[name_key(group)] = Category(new_id(), group, 0)
                new_categories[group] = category.id
            values |= {"category_id": category.id, "category": category.name}
        elif group == "":
            values |= {"category_id": None, "category": ""}
        parent = values.pop("parent", None)
        before = find(values["name"]) or new_device(unit=UTILITIES[values.get("utility", "electricity")].unit)
        listed[row] = Change(before, revised(before, **values))
        if parent:
            parents[listed[row].after.id] = parent
    bad = _hang(listed, known, parents, headings) if "parent" in headings else []
    bad = bad or _contradictions(listed, known, headings)
    if bad:
        return ListPlan(file, [], [], 0, bad=bad)
    stored = {device.id for device in known}
    new = [change.after for change in listed.values() if change.before.id not in stored]
    old = [change for change in listed.values() if change.before.id in stored]
    changed = [change for change in old if change.before != change.after]
    return ListPlan(file, new, changed, len(old) - len(changed), new_categories)


def _hang(
    listed: dict[int, Change], known: Sequence[Device], parents: dict[str, str], headings: dict[str, str]
) -> list[BadCell]:
    """Give the listed devices the parents that are named by their ids; return the cells that name nobody."""
    named = {device.id: device for device in known} | {c.after.id: c.after for c in listed.values()}
    find = find_by_name((device.name, device) for device in named.values())
    bad = []
    for row, change in list(listed.items()):
        after = change.after
        name = parents.get(after.id, "")
        if parent := find(name) if name else None:
            after = replace(after, parent_id=parent.id, parent=parent.name)
        elif name:
            bad.append(BadCell(row, headings["parent"], name, NO_PARENT, {}))
        else:
            after = replace(after, parent_id=None, parent="")
        listed[row] = Change(change.before, after)
    return bad


def _contradictions(
    listed: dict[int, Change], known: Sequence[Device], headings: dict[str, str]
) -> list[BadCell]:
    """Return what cannot be true together: a unit and its utility, a meter and those it hangs behind."""
    after = {device.id: device for device in known} | {c.after.id: c.after for c in listed.values()}
    tree = {
        object_id(d.id, "device"): {
            "name": d.name,
            "utility": d.utility,
            "parentId": object_id(d.parent_id, "device") if d.parent_id else None,
        }
        for d in after.values()
    }
    bad = []
    for row, change in listed.items():
        for field, refusal in _refusals(change.after, tree):
            column = next(f for f in (field, "utility", "name") if f in headings)
            value = str(getattr(change.after, column))
            bad.append(BadCell(row, headings[column], value, refusal.sentence, refusal.details))
    return bad


def _refusals(device: Device, tree: Documents) -> Iterator[tuple[str, DeviceRefused]]:
    """Yield what is wrong with a device, and the field that says it."""
    try:
        check_unit(device.utility, device.unit)
    except DeviceRefused as refusal:
        yield "unit", refusal
    try:
        check_documents(tree, [object_id(device.id, "device")])
    except DeviceRefused as refusal:
        yield "parent", refusal


def _rows(columns: dict[str, _Column]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the row of each device that the list says something about, and its fields."""
    frame = pd.DataFrame({name: read.values.astype("object") for name, read in columns.items()})
    kept = [field.name for field in FIELDS if field.kind == "choice" and field.default is not None]
    for row, fields in zip(frame.index, frame.to_dict("records"), strict=True):
        values = {str(name): None if pd.isna(value) else value for name, value in fields.items()}
        yield int(str(row)), {name: value for name, value in values.items() if value or name not in kept}
