"""The cells of a list of devices as values, and why one is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from services.devices.fields import hours_complaint, power_complaint, status_complaint
from services.devices.lists.headings import HOURS, NAME, POWER, STATUS
from services.names import LONGEST, TOO_LONG, name_key, told_of
from services.readings.interpretation import numbers
from services.readings.interpretation.cells import text

NO_NAME = "The device has no name."
NO_POWER = "This is no power in W."
NO_HOURS = "This is no number of hours."
TWICE = "The device of this name stands in row {earlier} already."

WATTS = re.compile(r"(?i)([km]?)w$")
KILO = {"": 1.0, "k": 1e3, "m": 1e6}


@dataclass(frozen=True)
class BadCell:
    """A cell that cannot be taken; ``reason`` is a template with the fields of ``details``."""

    row: int
    """As a spreadsheet program numbers it."""
    column: str
    value: str
    reason: str
    details: dict[str, object]


@dataclass(frozen=True)
class Column:
    """One column of the list; ``values`` are text, or numbers with NaN where a cell is empty."""

    values: pd.Series
    bad: list[BadCell]


def column(field: str, heading: str, cells: pd.Series) -> Column:
    """Read the cells of one field, indexed by row."""
    shown = text(cells).astype("object")
    if field in (POWER, HOURS):
        return _numbers(field, heading, cells, shown)
    values = shown
    if field == STATUS:
        values = values.str.lower()
        reasons = [status_complaint(status) if status else None for status in values]
    else:
        seen = values.map(name_key) != ""
        reasons = [NO_NAME if field == NAME and not is_seen else None for is_seen in seen]
        values = values.where(seen, "")
    return Column(values, [*_bad(heading, shown, reasons), *_too_long(heading, values)])


def _too_long(heading: str, names: pd.Series) -> list[BadCell]:
    return [
        BadCell(int(str(row)), heading, name, TOO_LONG, told_of(name))
        for row, name in names[names.str.len() > LONGEST].items()
    ]


def repeated(heading: str, names: pd.Series) -> list[BadCell]:
    """The names that an earlier row has, however they are spelled."""
    earlier: dict[str, int] = {}
    found = []
    for row, name in names.items():
        first = earlier.setdefault(name_key(name), int(str(row)))
        if name and first != row:
            found.append(BadCell(int(str(row)), heading, name, TWICE, {"earlier": first}))
    return found


def _numbers(field: str, heading: str, cells: pd.Series, shown: pd.Series) -> Column:
    values = numbers.parse(cells, numbers.decimal_mark([cells]))
    if field == POWER:
        values = values * _scale(heading, shown)
    complaint, no_number = (power_complaint, NO_POWER) if field == POWER else (hours_complaint, NO_HOURS)
    energy = shown.str.lower().str.endswith("wh")
    lost = (shown != "") & (values.isna() | energy)
    reasons = [
        no_number if is_lost else complaint(_known(value))
        for value, is_lost in zip(values, lost, strict=True)
    ]
    return Column(values, _bad(heading, shown, reasons))


def _scale(heading: str, shown: pd.Series) -> pd.Series:
    """By what to multiply each cell to have W: its own unit counts, else the heading's."""
    over = WATTS.search(re.sub(r"[^A-Za-z]+$", "", heading))
    default = KILO[over[1].lower()] if over else 1.0
    units = [WATTS.search(cell) for cell in shown]
    return pd.Series([KILO[u[1].lower()] if u else default for u in units], index=shown.index)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _bad(heading: str, shown: pd.Series, reasons: Sequence[str | None]) -> list[BadCell]:
    return [
        BadCell(int(str(row)), heading, cell, reason, {})
        for (row, cell), reason in zip(shown.items(), reasons, strict=True)
        if reason
    ]
