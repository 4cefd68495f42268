"""Axes whose days and figures read as the user's locale writes them, a legend and a colour scale."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.DateAxisItem import TickSpec, ZoomLevel, makeSStepper, makeYStepper
from PySide6.QtCore import QDate, QDateTime, QLocale, QPointF, QRectF, Qt, QTime, QTimeZone
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QSizePolicy

from desktop import theme

HOUR = 3600
DAY = 86_400
MONTH = 27 * DAY
YEAR = 360 * DAY
FEW_TICKS = 8
SMALL = 400
"""Pixels; a shorter axis names every sixth hour only."""
LABEL = 48
"""Pixels that most figures need."""
DAY_AND_MONTH = 60
"""Pixels that a day with its month needs."""
SLACK = 8
LONGEST_NAME = 150
"""Pixels; a longer name is cut short, and whole under the mouse."""
Entry = tuple[pg.GraphicsObject, str]
"""An item of the chart, lines or bars, and its name."""
SAMPLE, AFTER_SAMPLE, AFTER_NAME, LEGEND_ROW = 18, 6, 18, 20
SCALE_WIDTH = 12


def _month_after(seconds: float, months: int, first: bool) -> float:
    """Return the start of the next ``months``-th month (seconds), as pyqtgraph steps its ticks."""
    month = np.array(int(seconds), dtype="datetime64[s]").astype("datetime64[M]").astype(int)
    start = np.array((month // months + 1) * months, dtype="datetime64[M]")
    return float(start.astype("datetime64[s]").astype(int))


MONTHS = ZoomLevel(
    [
        TickSpec(365 * DAY, makeYStepper(1), "", autoSkip=[1, 5, 10, 25]),
        TickSpec(30 * DAY, _month_after, "", autoSkip=[1, 3, 6]),
    ],
    "YYYY",
)


HOURS = ZoomLevel(
    [
        TickSpec(DAY, makeSStepper(DAY), ""),
        TickSpec(HOUR, makeSStepper(HOUR), "", autoSkip=[1, 3, 6, 12]),
    ],
    "00:00",
)


class DayAxis(pg.DateAxisItem):
    """Calendar days from seconds since 1970 of their midnight UTC, whatever the facility's time zone."""

    def __init__(self) -> None:
        super().__init__(orientation="bottom", utcOffset=0)
        self.zoomLevels |= {math.inf: MONTHS, 6 * HOUR: HOURS}
        self.setStyle(textFillLimits=[(0, 0.8)])
        self.finest: float = DAY
        """Seconds; what is shorter has no label."""
        self.shift: float = 0
        """Seconds that labels stand to the right of their time, as in the middle of its bar."""
        self._size = 0.0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        self._size = size
        levels = super().tickValues(low - self.shift, high - self.shift, size)
        return [(spacing, [value + self.shift for value in values]) for spacing, values in levels]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        values = [value - self.shift for value in values]
        if spacing < self.finest:
            return [""] * len(values)
        if spacing < DAY:
            return [_clock(value % DAY / HOUR) for value in values]
        form = "yyyy" if spacing > YEAR else "MMM" if spacing > MONTH else "d"
        if form == "d" and len(values) <= min(FEW_TICKS, self._size / DAY_AND_MONTH):
            form = self.tr("d MMM")  # there may be no tick that names the month
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        days = [QDateTime.fromSecsSinceEpoch(int(value), utc).date() for value in values]
        skips_days = form == "d" and values[1] - values[0] > DAY
        # The name of the month stands at its first day and needs some room.
        labels = ["" if skips_days and _near_first(day) else QLocale().toString(day, form) for day in days]
        if form == "d" and labels and labels[0]:
            labels[0] = QLocale().toString(days[0], self.tr("d MMM"))  # perhaps no month begins in here
        return labels


class FigureAxis(pg.AxisItem):
    """Figures with the locale's separators, no more decimals than their spacing needs, and a ``unit``."""

    def __init__(self, orientation: str = "left", unit: str = "") -> None:
        super().__init__(orientation)
        self._unit = f"\N{NO-BREAK SPACE}{unit}" if unit else ""
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        decimals = max(0, -math.floor(math.log10(spacing * scale)))
        return [QLocale().toString(float(value * scale), "f", decimals) + self._unit for value in values]


class HourAxis(pg.AxisItem):
    """The hours of a day, from 0 to 24."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        return [(6 if size < SMALL else 3, 0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [_clock(value) for value in values]


class NameAxis(pg.AxisItem):
    """Names beside rows at 0, 1, 2…"""

    def __init__(self) -> None:
        super().__init__("left")
        self.setStyle(tickLength=0)

    def show_names(self, names: list[str], metrics: QFontMetrics) -> None:
        shown = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, LONGEST_NAME) for name in names]
        reserve_width(self, max(map(metrics.horizontalAdvance, shown), default=0) + SLACK)
        self.setTicks([list(enumerate(shown))])


def reserve_width(axis: pg.AxisItem, width: float = LABEL) -> None:
    """Give the axis a width of so many pixels from the start.

    A label that finds too little room is first left out, and then makes the chart jump; and charts below each
    other begin at the same place.
    """
    axis.setStyle(autoReduceTextSpace=False)
    axis.textWidth = width
    axis.setWidth(None)


def _near_first(day: QDate) -> bool:
    return day.day() <= 3 or day.addDays(3).month() != day.month()


def _clock(hour: float) -> str:
    return QLocale().toString(QTime(0, 0).addSecs(round(hour * HOUR)), QLocale.FormatType.ShortFormat)


class Legend(pg.GraphicsWidget):
    """Names in rows below the axis, where they hide nothing, in as many as they need.

    pyqtgraph's own legend has columns, and makes a narrow chart as wide as all of them.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._places: list[QPointF] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        plot.layout.addItem(self, 4, 1)
        self._arrange()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show the names of what is drawn; one alone needs none."""
        self._entries = entries if len(entries) > 1 else ()
        self._arrange()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        measured, x, y = QFontMetricsF(self.font()), 0.0, 0.0
        self._places = []
        for _item, name in self._entries:
            width = SAMPLE + AFTER_SAMPLE + measured.horizontalAdvance(name)
            if x and x + width > self.size().width():
                x, y = 0.0, y + LEGEND_ROW
            self._places.append(QPointF(x, y))
            x += width + AFTER_NAME
        height = y + LEGEND_ROW if self._entries else 0.0
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)
        self.update()

    def paint(self, p: QPainter, *options: object) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        baseline = (LEGEND_ROW + QFontMetricsF(self.font()).capHeight()) / 2
        for (item, name), place in zip(self._entries, self._places, strict=True):
            p.setPen(pg.mkPen(item.opts["pen"]))
            if isinstance(item, pg.BarGraphItem):
                p.setBrush(pg.mkBrush(item.opts["brush"]))
                p.drawRect(QRectF(place.x() + 3, place.y() + 4, 12, 12))
            else:
                middle = place + QPointF(0, LEGEND_ROW / 2)
                p.drawLine(middle, middle + QPointF(SAMPLE, 0))
            p.setPen(theme.tokens().text)
            p.setFont(self.font())
            p.drawText(place + QPointF(SAMPLE + AFTER_SAMPLE, baseline), name)


class ColourBar(pg.PlotItem):
    """A strip of colours beside a chart, with figures: ``colours`` (uint8[n, 4]) from the least upwards."""

    def __init__(self, plot: pg.PlotItem, colours: np.ndarray) -> None:
        super().__init__(enableMenu=False, axisItems={"right": FigureAxis("right")})
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        for name in ("left", "bottom"):
            self.hideAxis(name)
        self.showAxis("right")
        self.getAxis("right").setTickDensity(0.6)
        self._strip = pg.ImageItem(colours[:, np.newaxis], axisOrder="row-major")
        self.addItem(self._strip)
        self.layout.setColumnFixedWidth(1, SCALE_WIDTH)
        plot.layout.addItem(self, 2, 3)

    def show_levels(self, low: float, high: float) -> None:
        self._strip.setRect(0, low, 1, high - low)
        self.setRange(xRange=(0, 1), yRange=(low, high), padding=0)

    def recolour(self) -> None:
        self.getAxis("right").setPen(theme.tokens().border)
        self.getAxis("right").setTextPen(theme.tokens().muted)
