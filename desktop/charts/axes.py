"""Axes whose days and figures read as the user's locale writes them."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QDateTime, QLocale, Qt, QTimeZone
from PySide6.QtGui import QFontMetrics

DAY = 86_400
MONTH = 27 * DAY
YEAR = 360 * DAY
FEW_TICKS = 8
LONGEST_NAME = 150
"""Pixels; a longer name is cut short, and whole under the mouse."""


class DayAxis(pg.DateAxisItem):
    """Calendar days from seconds since 1970 of their midnight UTC, whatever the facility's time zone."""

    def __init__(self) -> None:
        super().__init__(orientation="bottom", utcOffset=0)
        self.finest: float = DAY
        """Seconds; what is shorter has no label."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if spacing < self.finest:
            return [""] * len(values)
        form = "yyyy" if spacing > YEAR else "MMM" if spacing > MONTH else "d"
        if form == "d" and len(values) <= FEW_TICKS:
            form = self.tr("d MMM")  # there may be no tick that names the month
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        days = [QDateTime.fromSecsSinceEpoch(int(value), utc).date() for value in values]
        skips_days = form == "d" and values[1] - values[0] > DAY
        # The name of the month stands at its first day and needs some room.
        return ["" if skips_days and day.day() <= 3 else QLocale().toString(day, form) for day in days]


class FigureAxis(pg.AxisItem):
    """Figures with the locale's separators and no more decimals than their spacing needs."""

    def __init__(self, orientation: str = "left") -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        decimals = max(0, -math.floor(math.log10(spacing * scale)))
        return [QLocale().toString(float(value * scale), "f", decimals) for value in values]


class NameAxis(pg.AxisItem):
    """Names beside rows at 0, 1, 2…"""

    def __init__(self) -> None:
        super().__init__("left")
        self.setStyle(tickLength=0)

    def show_names(self, names: list[str], metrics: QFontMetrics) -> None:
        shown = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, LONGEST_NAME) for name in names]
        self.setTicks([list(enumerate(shown))])
