"""How a figure compares, in words."""

from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import number, percent
from services.dashboard import Figure

translate = QCoreApplication.translate

SAME = 0.005
"""A change below half a per cent reads as none."""

Direction = Literal["up", "down", "same"]
Change = tuple[Direction, str]
"""How a figure changed, and the same in words."""


class Comparison:
    """With the days just before, and with the same dates a year before."""

    def __init__(self, days: int) -> None:
        self._before = (
            translate("dashboard", "the day before")
            if days == 1
            else translate("dashboard", "prior {days} days").format(days=number(days))
        )
        self._last_year = translate("dashboard", "last year")

    def of(self, figure: Figure) -> tuple[Change, ...]:
        """As far as the readings cover those other days."""
        value, pairs = figure.value, ((figure.previous, self._before), (figure.last_year, self._last_year))
        return tuple(change(value, other, name) for other, name in pairs if value is not None and other)


def change(value: float, other: float, name: str) -> Change:
    """How a value differs from the ``other``, not 0, of that name."""
    more = value / other - 1
    share = percent(abs(more), 0 if abs(more) >= 0.1 else 1)
    if abs(more) < SAME:
        return "same", translate("dashboard", "as in {other}").format(other=name)
    if more > 0:
        return "up", translate("dashboard", "{share} up on {other}").format(share=share, other=name)
    return "down", translate("dashboard", "{share} down on {other}").format(share=share, other=name)
