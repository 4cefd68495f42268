"""What a sheet's cells come to: readings, and refusals of those that are none."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken: where it stands, what it says, why it is no reading."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Readings:
    """What a sheet holds.

    ``frame`` has a row a reading, in the file's order: device (text), date (UTC start of the interval),
    consumption (kWh), category, location, notes (text, may be empty), row (its number in the sheet),
    seconds (length of the interval).
    """

    frame: pd.DataFrame
    refused: list[Refusal]
    rows_read: int
    """Rows, or cells of a wide sheet, that had to be readings: each is in ``frame``, refused, repeated or
    combined."""
    repeated: int
    """Rows that repeat an earlier one, value and all."""
    combined: int
    """Rows that spring's missing hour moved onto another reading, which took up their energy."""
    totals: int = 0
    """Rows of sums and means, which are no readings."""
    opening: int = 0
    """Readings of registers before which there is none to tell a difference."""


def refusals(
    sheet: str, rows: Iterable[int], columns: Iterable[str], values: Iterable[str], reason: str
) -> list[Refusal]:
    """A refusal for each row of a sheet."""
    return [
        Refusal(sheet, int(row), column, value, reason)
        for row, column, value in zip(rows, columns, values, strict=True)
    ]
