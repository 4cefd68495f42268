"""How long a table of a million readings keeps one waiting while it is scrolled.

``python tests/benchmarks/readings_table_benchmark.py [--rows N]``: the dialog of readings, filled from
memory. It is scrolled by the wheel, page by page, and dragged to places all over the table; each step is
timed from the move until the table is painted. Sorting is done off the GUI thread, and timed as a whole.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pandas as pd
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QTableView

from desktop import theme
from desktop.features.dashboard.readings_dialog import plain_rows
from desktop.features.dashboard.readings_view_model import ENERGY, Readings, ReadingsTable, readings
from desktop.widgets.plain_table import PlainTable

METERS, STEPS = 100, 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    app = QApplication([])
    theme.apply(app, "light")
    model, table = ReadingsTable(), PlainTable("Readings")
    plain_rows(table)
    table.setModel(model)
    table.resize(640, 720)
    table.show()
    filled = made_up(rows)
    began = time.perf_counter()
    model.show(filled, np.arange(rows))
    app.processEvents()
    print(f"{rows:,} readings shown first after {1000 * (time.perf_counter() - began):.0f} ms")
    for name, moves in (("wheel", wheel(table)), ("page", paging(table)), ("drag", dragging(table, rows))):
        steps = [timed(app, move) for move in moves]
        middle, late, most = np.percentile(steps, [50, 95, 100])
        print(f"{name:>6}: median {middle:5.1f} ms, 95th percentile {late:5.1f} ms, most {most:5.1f} ms")
    began = time.perf_counter()
    filled.ordered(ENERGY, True)
    print(f"sorted by kWh in {1000 * (time.perf_counter() - began):.0f} ms, off the GUI thread")


def made_up(rows: int) -> Readings:
    """Quarter hours of a hundred meters, by time."""
    steps = pd.date_range("2020-01-01", periods=rows // METERS + 1, freq="15min", tz="UTC")
    dates = steps.tz_convert("Europe/Berlin").repeat(METERS)[:rows]
    random_kwh = np.random.default_rng(1).gamma(2.0, 1.5, rows)
    names = [f"Meter {i:03}" for i in range(METERS)]
    return readings(dates, np.resize(np.arange(METERS, dtype="int32"), rows), names, random_kwh)


def timed(app: QApplication, move: Callable[[], None]) -> float:
    """Milliseconds until the move is painted."""
    began = time.perf_counter()
    move()
    app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
    return 1000 * (time.perf_counter() - began)


def wheel(table: QTableView) -> Iterator[Callable[[], None]]:
    middle = QPointF(table.viewport().rect().center())
    at = QPointF(table.viewport().mapToGlobal(middle.toPoint()))
    for _ in range(STEPS):
        event = QWheelEvent(
            middle,
            at,
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        yield lambda event=event: QApplication.sendEvent(table.viewport(), event)


def paging(table: QTableView) -> Iterator[Callable[[], None]]:
    bar = table.verticalScrollBar()
    for _ in range(STEPS):
        yield lambda: bar.setValue(bar.value() + bar.pageStep())


def dragging(table: QTableView, rows: int) -> Iterator[Callable[[], None]]:
    chance = random.Random(1)
    for _ in range(STEPS):
        yield lambda: table.verticalScrollBar().setValue(chance.randrange(rows))


if __name__ == "__main__":
    main()
