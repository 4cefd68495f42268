"""Charts of single readings: those of an event, and those of a file that is previewed."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, Legend
from desktop.charts.line import Floats, Line
from desktop.charts.plot import Numbers, Texts, faint
from desktop.charts.time_plot import Span, TimePlot

CLOSEST = 6
"""The closest zoom shows so many intervals."""
SIZE = QSize(300, 130)


class EventChart(TimePlot):
    """`draw` takes one value per interval: ``x`` in seconds since 1970 of its local start as if it were UTC,
    ascending; ``kwh`` and ``usual``, NaN where they are not known; the latter's name; and the event's
    ``span`` on that axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plot = self.getPlotItem()
        self._measured, self._usual = Line(fill=True), Line()
        for line in (self._measured, self._usual):
            plot.addItem(line)
        self._legend = Legend(plot)
        self.setAccessibleName(self.tr("Consumption around the event"))
        self.recolour()

    def draw(self, x: Numbers, kwh: Numbers, usual: Numbers, name: str, texts: Texts, span: Span) -> None:
        starts, energy, expected = (np.asarray(part, dtype=float) for part in (x, kwh, usual))
        length = float(np.diff(starts).min(initial=DAY))
        # A reading holds until the next one begins, so that the event's borders and its readings meet.
        self._measured.set_points(*_steps(starts, energy, length))
        self._usual.set_points(*_steps(starts, expected, length))
        known = bool(np.isfinite(expected).any())
        self._usual.setVisible(known)
        names = [(self._measured, self.tr("Measured")), (self._usual, name)]
        self._legend.show_entries(names if known else [])
        self.days.finest = length
        self.limit_to_zero(energy)
        self.name_points(starts + length / 2, texts, closest=CLOSEST * length, starts=starts)
        self.select(span)

    @property
    def drawn(self) -> list[float]:
        """kWh of each interval."""
        return [float(energy) for energy in self._measured.points[1][::2]]

    @property
    def usual(self) -> list[float]:
        """kWh that were usual in each interval."""
        return [float(energy) for energy in self._usual.points[1][::2]]

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        measured, usual = colours.series[0], colours.text
        self._measured.set_style(pg.mkPen(measured, width=1.5), faint(measured))
        self._usual.set_style(pg.mkPen(usual, width=1.5, style=Qt.PenStyle.DashLine))


def _steps(x: Floats, y: Floats, length: float) -> tuple[Floats, Floats]:
    """Return each value twice, at the start of its interval and at its end."""
    return np.stack([x, x + length], axis=1).ravel(), np.repeat(y, 2)


class ReadingsChart(TimePlot):
    """One line a meter, in the theme's series of colours; its owner names them.

    `show_meters` takes times in seconds since 1970 of their wall-clock time as if it were UTC, ascending,
    and for each meter its name and one energy (kWh) a time, NaN where it has none; ``texts`` say each time.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self.drawn: list[str] = []
        # All of them from the start: what was shown before must not decide how high they may be.
        self.getViewBox().setAutoVisible(y=False)
        self.setAccessibleName(self.tr("Chart of the readings"))
        self.setMinimumHeight(90)
        self.recolour()

    def show_meters(
        self, x: Sequence[float], meters: Sequence[tuple[str, Sequence[float]]], texts: Sequence[str]
    ) -> None:
        for line in self._lines:
            self.removeItem(line)
        self._lines = [Line() for _ in meters]
        for line, (_name, kwh) in zip(self._lines, meters, strict=True):
            self.addItem(line)
            line.set_points(np.array(x), np.array(kwh))
        self.drawn = [name for name, _kwh in meters]
        self.limit_to_zero([energy for _name, kwh in meters for energy in kwh])
        self.name_points(x, texts, closest=DAY)
        self.recolour()

    def sizeHint(self) -> QSize:
        return SIZE

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        for line, colour in zip(self._lines, colours.series, strict=False):
            line.set_style(pg.mkPen(colour, width=1.5))
