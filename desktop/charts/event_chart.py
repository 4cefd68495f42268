"""The readings around an event, beside what was usual then."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY
from desktop.charts.legend import Legend
from desktop.charts.line import Line
from desktop.charts.plot import Numbers, Texts, faint
from desktop.charts.pyramid import Floats
from desktop.charts.time_plot import Span, TimePlot

CLOSEST = 6
"""The closest zoom shows so many intervals."""


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
        self.stand_on_zero(energy)
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
        self._measured.look(pg.mkPen(measured, width=1.5), faint(measured))
        self._usual.look(pg.mkPen(usual, width=1.5, style=Qt.PenStyle.DashLine))


def _steps(x: Floats, y: Floats, length: float) -> tuple[Floats, Floats]:
    """Each value from the start of its interval to its end."""
    return np.stack([x, x + length], axis=1).ravel(), np.repeat(y, 2)
