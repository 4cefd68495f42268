"""What a chart draws: numbers, their words, and the same as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

from desktop.framework.formatting import kwh, period
from desktop.framework.table_export import Table

translate = QCoreApplication.translate

Values = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]
KINDS = {"day": "daily", "week": "weekly", "month": "monthly"}


@dataclass(frozen=True, eq=False)
class Drawing:
    """``args`` are those of the chart's `draw`; ``table`` is made when it is asked for."""

    args: tuple[Any, ...]
    table: Callable[[], Table]
    description: str = ""
    """The chart's main points, for those who do not see it."""
    missing: str = ""
    """Why there is nothing to draw, and what to do about it."""


class Words:
    """The words of each point, made when they are asked for: a year has 8,760 hours."""

    def __init__(self, word: Callable[[int], str]) -> None:
        self._word = word

    def __getitem__(self, at: int) -> str:
        return self._word(at)


def seconds(start: Moments) -> Values:
    """Since 1970 of the facility's clock, as if it were UTC."""
    return start.astype("datetime64[s]").astype("float64")


def midnight(day: date) -> float:
    """The same of a day's beginning."""
    return float(seconds(np.array([day], "datetime64[s]"))[0])


def instants(start: Moments) -> list[datetime]:
    """The facility's clock, naive."""
    found: list[datetime] = start.astype("datetime64[s]").astype("object").tolist()
    return found


def interval(start: np.datetime64, resolution: str) -> str:
    """The hour, day, week or month that begins then, in words."""
    begin: datetime = start.astype("datetime64[s]").astype("object")
    if resolution != "hour":
        return period(KINDS[resolution], begin.date())
    shown = QDateTime(QDate(begin.year, begin.month, begin.day), QTime(begin.hour, begin.minute))
    return QLocale().toString(shown, QLocale.FormatType.ShortFormat)


def energy(value: float) -> str:
    """kWh in words, also of nothing."""
    return translate("dashboard", "no readings") if np.isnan(value) else kwh(value)


def extremes(values: Values, name: Callable[[int], str], quantity: Callable[[float], str]) -> str:
    """Where the highest and the lowest value are."""
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
