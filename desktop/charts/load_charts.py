"""Charts of the shape of the load: heat map, average day and load-duration curve."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from desktop import theme
from desktop.charts.axes import DAY, ColourBar, FigureAxis, HourAxis, Legend, reserve_width
from desktop.charts.line import Line
from desktop.charts.plot import Numbers, Plot, Texts, ZoomPlot, faint
from desktop.charts.time_plot import TimePlot

HOURS = 24
COLOURS = "viridis"
"""Even steps to the eye, grey and with every colour blindness, on white as on black."""
HIGHEST = 99.5
"""Percent; what lies above has the last colour too, lest one faulty reading darken all others."""
Spread = tuple[Numbers, Numbers, Numbers]
"""Mean, low and high of each of 24 hours, kW; NaN where there are no readings."""
HEADROOM = 1.06


class HeatMapChart(TimePlot):
    """A column for each day, its first hour on top; hatched where there are no readings.

    `draw` takes ``days`` (n, seconds since 1970 of each calendar day's midnight as if it were UTC, without
    gaps), ``kwh`` (float64[n, 24], NaN without readings) and ``texts``, where ``texts[24 * day + hour]`` says
    an hour in words.
    """

    steps = {
        Qt.Key.Key_Left: -HOURS,
        Qt.Key.Key_Right: HOURS,
        Qt.Key.Key_Up: -1,
        Qt.Key.Key_Down: 1,
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, left=HourAxis("left"))
        self._table = pg.colormap.get(COLOURS).getLookupTable(0.0, 1.0, 256, alpha=True)
        self._kwh = np.empty((0, HOURS))
        self._image = pg.ImageItem(axisOrder="col-major")
        self._cell = QGraphicsRectItem()
        self._cell.hide()
        self._bar = ColourBar(self.getPlotItem(), self._table)
        self.addItem(self._image)
        self.addItem(self._cell, ignoreBounds=True)
        self.days.shift = DAY / 2
        self.showGrid(y=False)
        self.invertY(True)
        self.getViewBox().setLimits(yMin=0, yMax=HOURS)
        self.getViewBox().setAutoVisible(y=False)
        self.getViewBox().setDefaultPadding(0)
        self.setAccessibleName(self.tr("Heat map of consumption by day and hour"))
        self.recolour()

    def draw(self, days: Numbers, kwh: np.ndarray, texts: Texts) -> None:
        self._kwh = np.asarray(kwh, dtype=float).reshape(-1, HOURS)
        known = self._kwh[np.isfinite(self._kwh)]
        low, high = np.percentile(known, (0, HIGHEST)) if len(known) else (0.0, 1.0)
        high = high if high > low else low + 1
        shades = np.clip((self._kwh - low) / (high - low) * 255, 0, 255)
        pixels = self._table[np.nan_to_num(shades).astype(np.uint8)]
        pixels[~np.isfinite(self._kwh)] = 0
        self._image.setImage(pixels, levels=None)
        self._image.setVisible(len(days) > 0)
        if len(days):
            self._image.setRect(QRectF(days[0], 0, DAY * len(days), HOURS))
        self._bar.show_levels(low, high)
        self._bar.setVisible(len(known) > 0)
        starts = np.asarray(days, dtype=float)
        self.name_points(np.repeat(starts + DAY / 2, HOURS), texts, closest=7 * DAY, starts=starts)

    @property
    def drawn(self) -> list[float]:
        """kWh hour by hour, NaN where there are no readings."""
        return [float(energy) for energy in self._kwh.ravel()]

    def stride(self) -> int:
        return 1

    def under(self, scene_position: QPointF) -> int | None:
        box = self.getViewBox()
        if not len(self._kwh) or not box.sceneBoundingRect().contains(scene_position):
            return None
        place = box.mapSceneToView(scene_position)
        day, hour = int((place.x() - self.edges[0]) // DAY), int(place.y())
        return HOURS * day + hour if 0 <= day < len(self._kwh) and 0 <= hour < HOURS else None

    def point_out(self, at: int | None) -> None:
        self._cell.setVisible(at is not None)
        super().point_out(at)

    def place_hover(self, at: int) -> None:
        day, hour = divmod(at, HOURS)
        left, right = self.getViewBox().viewRange()[0]
        cell = QRectF(self.edges[day], hour, DAY, 1)
        on_the_right, low = cell.center().x() > (left + right) / 2, hour >= HOURS / 2
        self._cell.setRect(cell)
        self.hover.setAnchor((1.0 if on_the_right else 0.0, 1.0 if low else 0.0))
        self.hover.setPos(cell.center().x(), cell.top() if low else cell.bottom())

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        self._bar.recolour()
        self._cell.setPen(pg.mkPen(colours.text, width=2))
        self.getViewBox().setBackgroundColor(QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))


class ProfileChart(Plot):
    """Two lines over the 24 hours, each in the band between its low and high days.

    `draw` takes the demand of weekdays and of weekends as `Spread`, and 24 ``texts``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(FigureAxis(), HourAxis("bottom"), parent)
        self._groups = [_Group(self.getPlotItem()), _Group(self.getPlotItem())]
        self._legend = Legend(self.getPlotItem())
        self.showGrid(y=True, alpha=0.6)
        self.getAxis("left").setStyle(maxTickLevel=0)
        reserve_width(self.getAxis("left"))
        self.setXRange(0, 24, padding=0)
        self.setAccessibleName(self.tr("Load profile of weekdays and weekends"))
        self.recolour()

    def draw(self, weekday: Spread, weekend: Spread, texts: Texts) -> None:
        for group, spread in zip(self._groups, (weekday, weekend), strict=True):
            group.draw(spread)
        names = (self.tr("Weekdays"), self.tr("Weekends"))
        self._legend.show_entries(
            [(group.mean, name) for group, name in zip(self._groups, names, strict=True) if group.known]
        )
        demand = np.array([*weekday, *weekend])
        lowest, highest = np.nanmin(demand, initial=0.0), np.nanmax(demand, initial=0.1)
        self.setYRange(float(lowest), float(highest) * HEADROOM, padding=0)
        self.name_points(np.arange(24) + 0.5, texts)

    @property
    def drawn(self) -> list[float]:
        """kW of the weekdays' mean, hour by hour."""
        return [float(demand) for demand in self._groups[0].mean.yData]

    def recolour(self) -> None:
        super().recolour()
        for group, colour in zip(self._groups, theme.tokens().series, strict=False):
            group.recolour(colour)


class _Group:
    """One kind of days: a line and its band."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._low, self._high = pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")
        self._band = pg.FillBetweenItem(self._low, self._high)
        self.mean = pg.PlotCurveItem(connect="finite", antialias=True)
        self.known = False
        for item in (self._band, self._low, self._high, self.mean):
            plot.addItem(item)

    def draw(self, spread: Spread) -> None:
        hours = np.arange(24) + 0.5
        for curve, demand in zip((self.mean, self._low, self._high), spread, strict=True):
            curve.setData(hours, np.asarray(demand, dtype=float))
        self.known = bool(np.isfinite(spread[0]).any())

    def recolour(self, colour: str) -> None:
        self.mean.setPen(pg.mkPen(colour, width=2))
        self._low.setPen(None)
        self._high.setPen(None)
        self._band.setBrush(faint(colour, 45))


class LoadDurationChart(ZoomPlot):
    """A line that falls from the peak demand to the baseload.

    `draw` takes ``share`` of the time (0..1, ascending), the ``demand`` (kW) that is reached or exceeded for
    it, and a text for each.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        bottom = FigureAxis("bottom", "%")
        super().__init__(FigureAxis(), bottom, parent)
        bottom.setScale(100)
        self._line = Line(fill=True)
        self.addItem(self._line)
        self.getViewBox().setLimits(xMin=0, xMax=1, minXRange=0.01)
        self.setAccessibleName(self.tr("Load duration curve"))
        self.recolour()

    def draw(self, share: Numbers, demand: Numbers, texts: Texts) -> None:
        kw = np.asarray(demand, dtype=float)
        self._line.set_points(np.asarray(share, dtype=float), kw)
        self.getViewBox().setLimits(yMin=min(0.0, float(np.nanmin(kw, initial=0.0))))
        self.name_points(share, texts)
        self.reset()

    @property
    def drawn(self) -> list[float]:
        """kW, from the peak down."""
        return [float(demand) for demand in self._line.points[1]]

    def recolour(self) -> None:
        super().recolour()
        line = theme.tokens().series[0]
        self._line.set_style(pg.mkPen(line, width=2), faint(line))
