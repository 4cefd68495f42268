"""What a chart draws: numbers, their texts, and the same as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import kwh, period, wall_clock
from desktop.framework.table_export import Table

translate = QCoreApplication.translate

Values = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]
Resolution = Literal["hour", "day", "week", "month"]
KINDS = {"day": "daily", "week": "weekly", "month": "monthly"}


def _no_table() -> Table:
    return [], []


@dataclass(frozen=True, eq=False)
class Drawing:
    """``args`` are those of the chart's `draw`; ``table`` is made when it is asked for."""

    args: tuple[Any, ...]
    description: str = ""
    """The chart's main points, for those who do not see it."""
    missing: str = ""
    """Why there is nothing to draw, and what to do about it."""
    table: Callable[[], Table] = _no_table


class PointTexts:
    """The text of each point, made when it is asked for: a year has 8,760 hours."""

    def __init__(self, text: Callable[[int], str]) -> None:
        self._text = text

    def __getitem__(self, at: int) -> str:
        return self._text(at)


def seconds(start: Moments) -> Values:
    """Return seconds since 1970 of the facility's clock, as if it were UTC."""
    return start.astype("datetime64[s]").astype("float64")


def midnight(day: date) -> float:
    """Return the same of a day's beginning."""
    return float(seconds(np.array([day], "datetime64[s]"))[0])


def interval_text(start: np.datetime64, resolution: Resolution) -> str:
    """Write the hour, day, week or month that begins then."""
    begin: datetime = start.astype("datetime64[s]").astype("object")
    if resolution != "hour":
        return period(KINDS[resolution], begin.date())
    return wall_clock(begin)


def energy_text(value: float) -> str:
    """Write kWh, also where nothing was read."""
    return translate("dashboard", "no readings") if np.isnan(value) else kwh(value)


def extremes(values: Values, name: Callable[[int], str], quantity: Callable[[float], str]) -> str:
    """Say where the highest and the lowest value are."""
    if not np.isfinite(values).any():
        return ""
    high, low = int(np.nanargmax(values)), int(np.nanargmin(values))
    template = translate("dashboard", "Highest: {high} on {when}. Lowest: {low} on {other}.")
    return template.format(
        high=quantity(float(values[high])),
        when=name(high),
        low=quantity(float(values[low])),
        other=name(low),
    )
