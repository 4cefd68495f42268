"""Charts over the same time, side by side: what is brushed or pointed at in one is seen in all."""

from collections.abc import Sequence
from functools import partial

from desktop.charts.time_plot import TimePlot


def link(charts: Sequence[TimePlot]) -> None:
    for chart in charts:
        others = [other for other in charts if other is not chart]
        chart.brushed.connect(partial(_select, others))
        chart.brush_cleared.connect(partial(_clear, others))
        chart.hovered.connect(partial(_follow, others))


def _select(charts: Sequence[TimePlot], start: float, end: float) -> None:
    for chart in charts:
        chart.select((start, end))


def _clear(charts: Sequence[TimePlot]) -> None:
    for chart in charts:
        chart.select(None)


def _follow(charts: Sequence[TimePlot], x: float | None) -> None:
    for chart in charts:
        chart.show_cursor(x)
