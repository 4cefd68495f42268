"""Sheets with a row a day: which columns are times of the day, and when each begins."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from services.readings.interpretation import clock
from services.readings.interpretation.cells import TEXT
from services.readings.interpretation.units import without_unit
from services.readings.interpretation.words import plain

STEPS = {24: 3600, 48: 1800, 96: 900}
"""Seconds of an interval, by how many a day has."""
NUMBERED = re.compile(
    r"(?:h|he|hr|hour|hour ending|interval|period|std|stunde|heure|periode|hora|periodo|ora|uur|saat)?"
    r" ?(\d{1,3})"
)


def columns_of_hours(names: Sequence[str]) -> dict[str, int]:
    """The columns that are times of the day, with the seconds from midnight to the start of each interval.

    Headings are times, of the start or the end of the interval, or numbers from 0 or 1. One hour more than
    a day has is autumn's: then seconds are those that have passed. Empty unless the columns make up a day.
    """
    return _of_clocks(names) or _of_numbers(names)


def _of_clocks(names: Sequence[str]) -> dict[str, int]:
    written = pd.Series([name if re.search(r"\d[:.h]\d\d", name) else "" for name in names], dtype=TEXT)
    seconds = clock.parse(written)
    found = seconds.dropna().astype("int64")
    step = STEPS.get(len(found))
    if step is None:
        return {}
    first = found.iloc[0]
    starts = (found - first) % clock.DAY
    if first not in (0, step) or (starts != np.arange(len(found)) * step).any():
        return {}
    return dict(zip([names[position] for position in found.index], starts.tolist(), strict=True))


def _of_numbers(names: Sequence[str]) -> dict[str, int]:
    matches = {name: NUMBERED.fullmatch(plain(without_unit(name))) for name in names}
    found = {name: int(match[1]) for name, match in matches.items() if match}
    first = min(found.values(), default=-1)
    if first not in (0, 1) or list(found.values()) != list(range(first, first + len(found))):
        return {}
    for per_day, step in STEPS.items():
        if per_day <= len(found) <= per_day + per_day // 24:
            return {name: (number - first) * step for name, number in found.items()}
    return {}
