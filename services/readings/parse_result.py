"""What parsing a sheet gives: readings, and refusals of the rows that are none."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from services.readings.meter_names import Meter


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken: where it stands, what it says, why it is no reading."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """Something of a sheet that is no reading."""

    sheet: str
    column: str
    why: str
    """A sentence."""


@dataclass(frozen=True)
class Readings:
    """What a sheet holds.

    ``frame`` has a row a reading, in the file's order: device (text), date (UTC start of the interval),
    consumption (kWh, NaN of what is no energy), category, location, notes (text, may be empty), row (its
    number in the sheet), seconds (length of the interval); it may have quantity (in the meter's unit, NaN
    where that is kWh) and estimated (bool).
    """

    frame: pd.DataFrame
    refused: list[Refusal]
    rows_read: int
    """Rows, or cells of a wide sheet, that had to be readings: each is in ``frame``, refused, repeated,
    combined or left out."""
    repeated: int
    """Rows that repeat an earlier one, value and all."""
    combined: int
    """Rows that spring's missing hour moved onto another reading, which took up their energy."""
    totals: int = 0
    """Rows of sums and means, which are no readings."""
    opening: int = 0
    """Readings of registers before which there is none to tell a difference."""
    left_out: int = 0
    """Readings that somebody did not want to be imported, because they are stored under another name."""
    columns_left: tuple[LeftOut, ...] = ()
    """Columns, or units in rows, of other things than meters count."""
    meters: dict[str, Meter] = field(default_factory=dict)
    """By the key of a device's name what tells it from others of that name, where the file says such."""
    implausible: pd.DataFrame | None = None
    """Rows as in ``frame`` that are not plausible and were set aside, with their ``reason``."""
    utc_offset_minutes: int | None = None
    """That of the clock by which the times were read, where it was not changed in spring and autumn."""


def values_of(frame: pd.DataFrame, suffix: str = "") -> pd.Series:
    """Return of each reading its kWh, or its quantity where it is no energy; of columns with this suffix."""
    kwh, quantity = frame[f"consumption{suffix}"], f"quantity{suffix}"
    return kwh.fillna(frame[quantity]) if quantity in frame and kwh.hasnans else kwh


def refusals(
    sheet: str, rows: Iterable[int], columns: Iterable[str], values: Iterable[str], reason: str
) -> list[Refusal]:
    """Return a refusal for each row of a sheet."""
    return [
        Refusal(sheet, int(row), column, value, reason)
        for row, column, value in zip(rows, columns, values, strict=True)
    ]
