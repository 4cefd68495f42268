"""How fast a line of a million readings pans and zooms: our chart beside matplotlib's Qt canvas, in one run.

``python tests/benchmarks/chart_benchmark.py [--points N] [--frames F]``. Both have
the same readings, size and ranges; a frame counts from the change of the range until the widget has been
painted. Both draw on the screen that there is; without one (``QT_QPA_PLATFORM=offscreen``) into memory.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

SIZE = (1200, 400)
MINUTE = 60.0
Range = tuple[float, float]


def main() -> None:
    chosen = _arguments()
    app = QApplication([])
    x, kwh = _readings(chosen.points)
    sides = {"ours": _ours(x, kwh), "matplotlib": _matplotlib(x, kwh)}
    print(f"{chosen.points:,} points, {SIZE[0]} × {SIZE[1]} pixels, {chosen.frames} frames each\n")
    print(f"{'':20}{'median ms':>11}{'95 % ms':>9}{'frames/s':>10}{'ours is faster by':>19}")
    for motion, ranges in (("pan", _pan(x, chosen.frames)), ("zoom", _zoom(x, chosen.frames))):
        medians = {}
        for side, (widget, show) in sides.items():
            frames = _timed(app, widget, [lambda shown=shown, show=show: show(*shown) for shown in ranges])
            medians[side] = float(np.median(frames))
            times = f"{medians[side] / medians['ours']:18.1f}×" if side != "ours" else ""
            print(f"{motion + ', ' + side:20}{_figures(frames)}{times}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=120)
    return parser.parse_args()


def _readings(n: int) -> tuple[np.ndarray, np.ndarray]:
    """A meter read every minute: days, noise, and a gap."""
    minutes = np.arange(n)
    kwh = 5 + 3 * np.sin(minutes / 1440 * 2 * np.pi) + np.random.default_rng(0).gamma(2, 1, n)
    kwh[n // 3 : n // 3 + n // 100] = np.nan
    return 1.6e9 + MINUTE * minutes, kwh


def _ours(x: np.ndarray, kwh: np.ndarray) -> tuple[QWidget, Callable[[float, float], None]]:
    from desktop.charts.consumption_chart import ConsumptionChart

    chart = ConsumptionChart()
    chart.draw(x, kwh, _Words())
    return _shown(chart, chart.viewport()), lambda left, right: chart.setXRange(left, right, padding=0)


class _Words:
    def __getitem__(self, at: int) -> str:
        return str(at)


def _matplotlib(x: np.ndarray, kwh: np.ndarray) -> tuple[QWidget, Callable[[float, float], None]]:
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    canvas, axes = FigureCanvasQTAgg(figure), figure.add_subplot()
    axes.plot(x.astype("datetime64[s]"), kwh)

    def show(left: float, right: float) -> None:
        axes.set_xlim(*np.array((left, right)).astype("datetime64[s]"))
        canvas.draw()

    return _shown(canvas, canvas), show


def _shown(widget: QWidget, painted: QWidget) -> QWidget:
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    return painted


def _pan(x: np.ndarray, frames: int) -> list[Range]:
    """Half of it, from the beginning to the end."""
    length = (x[-1] - x[0]) / 2
    return [(start, start + length) for start in np.linspace(x[0], x[-1] - length, frames)]


def _zoom(x: np.ndarray, frames: int) -> list[Range]:
    """From everything to a thousandth around the middle."""
    middle, half = (x[0] + x[-1]) / 2, (x[-1] - x[0]) / 2
    return [(middle - half * part, middle + half * part) for part in np.geomspace(1, 0.001, frames)]


def _timed(app: QApplication, widget: QWidget, changes: list[Callable[[], None]]) -> np.ndarray:
    """Milliseconds of each change until the ``widget`` was painted."""
    painted = _Painted(widget)
    return np.array([painted.wait_for(app, change) for change in changes]) * 1000


class _Painted(QObject):
    """Notices when a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._seen = self._seen or event.type() == QEvent.Type.Paint
        return False

    def wait_for(self, app: QApplication, change: Callable[[], None]) -> float:
        app.processEvents()
        self._seen, began = False, time.perf_counter()
        change()
        while not self._seen:
            app.processEvents()
        return time.perf_counter() - began


def _figures(frames: np.ndarray) -> str:
    median, slow = np.median(frames), np.percentile(frames, 95)
    return f"{median:11.1f}{slow:9.1f}{1000 / median:10.0f}"


if __name__ == "__main__":
    main()
