"""The charts as a person uses them: pointing, zooming, brushing and choosing, by mouse and by keys."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.charts.axes import DAY, HOUR
from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.line import MinMaxPyramid
from desktop.charts.load_charts import HeatMapChart, LoadDurationChart, ProfileChart
from desktop.charts.plot import PAUSE, Plot
from desktop.charts.share_charts import BreakdownChart, ParetoChart
from desktop.charts.time_plot import edges, link
from desktop.charts.trend_charts import BaseloadChart, BudgetChart, CusumChart

MONDAY = float(np.datetime64("2024-01-01", "s").astype(int))
DAYS = MONDAY + DAY * np.arange(100)
NO_KEY = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def words(n: int) -> list[str]:
    return [f"point {i}" for i in range(n)]


def shown(chart: Plot, qtbot: QtBot) -> Plot:
    qtbot.addWidget(chart)
    chart.resize(700, 300)
    chart.show()
    qtbot.waitExposed(chart)
    chart.grab()
    return chart


@pytest.fixture
def days(qtbot: QtBot) -> ConsumptionChart:
    chart = ConsumptionChart()
    chart.draw(DAYS, 50 + np.arange(100) % 7, words(100))
    return shown(chart, qtbot)


def range_of(chart: Plot) -> tuple[float, float]:
    left, right = chart.getViewBox().viewRange()[0]
    return left, right


def at(chart: Plot, x: float) -> QPoint:
    box = chart.getViewBox()
    middle = sum(box.viewRange()[1]) / 2
    return chart.mapFromScene(box.mapViewToScene(QPointF(x, middle)))


def drag(chart: Plot, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    button, view = Qt.MouseButton.LeftButton, chart.viewport()
    kinds, steps = QEvent.Type, [start + (end - start) * part / 4 for part in range(5)]
    before, pg.CONFIG_OPTIONS["mouseRateLimit"] = pg.CONFIG_OPTIONS["mouseRateLimit"], -1
    for kind, place in [
        (kinds.MouseButtonPress, start),
        *((kinds.MouseMove, place) for place in steps),
        (kinds.MouseButtonRelease, end),
    ]:
        held = Qt.MouseButton.NoButton if kind is kinds.MouseButtonRelease else button
        pressed = Qt.MouseButton.NoButton if kind is kinds.MouseMove else button
        event = QMouseEvent(kind, QPointF(place), QPointF(view.mapToGlobal(place)), pressed, held, modifiers)
        QApplication.sendEvent(view, event)
    pg.CONFIG_OPTIONS["mouseRateLimit"] = before


def enter(chart: Plot) -> None:
    middle = QPointF(chart.rect().center())
    QApplication.sendEvent(chart, QEnterEvent(middle, middle, chart.mapToGlobal(middle)))


def wheel(chart: Plot, notches: int, modifiers: Qt.KeyboardModifier = NO_KEY) -> bool:
    """Turn it over the middle of the chart; whether the chart took it."""
    here = QPointF(chart.viewport().rect().center())
    event = QWheelEvent(
        here,
        chart.mapToGlobal(here),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    QApplication.sendEvent(chart.viewport(), event)
    return event.isAccepted()


def test_shift_and_a_drag_brush_whole_days(days: ConsumptionChart, qtbot: QtBot) -> None:
    with qtbot.waitSignal(days.brushed) as brushed:
        drag(days, at(days, DAYS[20] + 5 * HOUR), at(days, DAYS[29] + 20 * HOUR), SHIFT)

    assert brushed.args == [DAYS[20], DAYS[30]]
    assert days.span == (DAYS[20], DAYS[30])


def test_a_drag_moves_unless_brushing_is_switched_on(days: ConsumptionChart, qtbot: QtBot) -> None:
    days.zoom(0.5)
    before = range_of(days)
    with qtbot.assertNotEmitted(days.brushed):
        drag(days, at(days, DAYS[50]), at(days, DAYS[40]), NO_KEY)
    assert range_of(days)[0] == pytest.approx(before[0] + 10 * DAY, abs=DAY)

    days.brushing = True
    with qtbot.waitSignal(days.brushed):
        drag(days, at(days, DAYS[50]), at(days, DAYS[60]), NO_KEY)


def test_what_is_selected_elsewhere_is_shown_and_not_emitted(days: ConsumptionChart, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(days.brushed), qtbot.assertNotEmitted(days.brush_cleared):
        days.select((DAYS[3], DAYS[9]))
        assert days.span == (DAYS[3], DAYS[9])
        days.select(None)
        assert days.span is None


def test_shift_and_arrows_brush_from_where_they_began_and_escape_clears(
    days: ConsumptionChart, qtbot: QtBot
) -> None:
    days.setFocus()
    days.point_out(10)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        with qtbot.waitSignal(days.brushed) as brushed:
            qtbot.keyClick(days, key, SHIFT)
    assert brushed.args == [DAYS[9], DAYS[11]]

    with qtbot.waitSignal(days.brush_cleared):
        qtbot.keyClick(days, Qt.Key.Key_Escape)
    assert days.span is None


def test_keys_zoom_move_and_reset(days: ConsumptionChart, qtbot: QtBot) -> None:
    everything = range_of(days)
    qtbot.keyClick(days, Qt.Key.Key_Plus)
    qtbot.keyClick(days, Qt.Key.Key_Plus)
    near = range_of(days)
    assert near[1] - near[0] == pytest.approx(0.64 * (everything[1] - everything[0]))

    qtbot.keyClick(days, Qt.Key.Key_Right, CONTROL)
    assert range_of(days)[0] > near[0]
    qtbot.keyClick(days, Qt.Key.Key_End)
    assert days.pointed == 99
    assert range_of(days)[1] >= DAYS[99]
    qtbot.keyClick(days, Qt.Key.Key_0)
    days.grab()
    assert range_of(days) == pytest.approx(everything)


def test_other_values_at_the_same_times_keep_what_is_zoomed_into(days: ConsumptionChart) -> None:
    days.zoom(0.3)
    near = range_of(days)
    days.draw(DAYS, np.full(100, 7.0), words(100))
    days.grab()
    assert range_of(days) == near
    days.draw(DAYS[:50], np.full(50, 7.0), words(50))
    days.grab()
    assert range_of(days) != near


def test_what_was_drawn_before_leaves_no_trace_in_the_range(days: ConsumptionChart) -> None:
    months, to_come = np.arange(6) * 30 * DAY, np.array([180 * DAY])
    forecast = (to_come, np.array([7000.0]), np.array([5000.0]), np.array([15_000.0]))
    days.draw(months, np.full(6, 6000.0), ["month"] * 7, forecast)  # bars with whiskers
    many, ahead = np.arange(200) * DAY, np.arange(200, 230) * DAY
    bounds = (ahead, np.full(30, 200.0), np.full(30, 100.0), np.full(30, 400.0))
    days.draw(many, np.full(200, 200.0), ["day"] * 230, bounds)  # lines in a band
    days.grab()
    assert days.getViewBox().viewRange()[1][1] < 500
    days.draw(many[:30], np.full(30, 40.0), ["day"] * 30)  # bars again
    days.grab()
    assert days.getViewBox().viewRange()[1][1] < 50


def test_a_double_click_shows_everything_and_clears_the_brush(days: ConsumptionChart, qtbot: QtBot) -> None:
    everything = range_of(days)
    days.zoom(0.3)
    days.select((DAYS[3], DAYS[9]))
    with qtbot.waitSignal(days.brush_cleared):
        qtbot.mouseDClick(days.viewport(), Qt.MouseButton.LeftButton, pos=at(days, DAYS[50]))
    days.grab()
    assert range_of(days) == pytest.approx(everything)


def test_the_wheel_scrolls_the_page_until_the_mouse_has_rested(days: ConsumptionChart, qtbot: QtBot) -> None:
    days.clearFocus()
    enter(days)
    everything = range_of(days)
    assert not wheel(days, 1)
    assert not wheel(days, 1)
    assert range_of(days) == everything

    assert wheel(days, 1, CONTROL)
    assert range_of(days)[0] > everything[0]
    days.reset()
    qtbot.wait(PAUSE + 50)
    assert wheel(days, 1)
    assert range_of(days)[0] > everything[0]


def test_a_wheel_that_can_zoom_out_no_further_scrolls_the_page(days: ConsumptionChart, qtbot: QtBot) -> None:
    days.setFocus()
    enter(days)
    qtbot.wait(PAUSE + 50)
    assert not wheel(days, -1)
    qtbot.wait(PAUSE + 50)
    assert wheel(days, 1)
    assert wheel(days, -1)
    assert wheel(days, -1)  # the turn that zoomed does not go on to scroll


def test_linked_charts_follow_brush_and_mouse(days: ConsumptionChart, qtbot: QtBot) -> None:
    other = BaseloadChart()
    other.draw(DAYS, np.full(100, 2.0), words(100))
    link([days, shown(other, qtbot)])
    with qtbot.assertNotEmitted(other.brushed):
        drag(days, at(days, DAYS[20] + HOUR), at(days, DAYS[25] + HOUR), SHIFT)
    assert other.span == days.span == (DAYS[20], DAYS[26])

    qtbot.keyClick(other, Qt.Key.Key_Escape)
    assert days.span is None
    with qtbot.waitSignal(days.hovered) as hovered:
        days.point_out(7)
    assert hovered.args == [DAYS[7]]


def test_arrows_lead_into_the_forecast_and_skip_what_pixels_hide(qtbot: QtBot) -> None:
    chart = ConsumptionChart()
    ahead = DAYS[-1] + DAY * np.arange(1, 8)
    level = np.full(7, 60.0)
    chart.draw(DAYS, np.full(100, 50.0), words(107), forecast=(ahead, level, level - 5, level + 5), budget=55)
    shown(chart, qtbot)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.hover.toPlainText() == "point 106"
    assert chart.drawn == [50.0] * 100

    many = MONDAY + 60.0 * np.arange(200_000)
    chart.draw(many, np.ones(200_000), words(200_000))
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.pointed is not None
    assert chart.pointed > 100


def test_heat_map_shows_gaps_and_is_walked_by_day_and_hour(qtbot: QtBot) -> None:
    kwh = np.tile(np.arange(24.0), (10, 1))
    kwh[4] = np.nan
    chart = HeatMapChart()
    chart.draw(DAYS[:10], kwh, words(240))
    shown(chart, qtbot)

    picture, ratio = chart.grab().toImage(), chart.devicePixelRatio()
    row = at(chart, DAYS[0]).y()
    spreads = []
    for day in (2, 4):
        columns = range(at(chart, DAYS[day] + 6 * HOUR).x(), at(chart, DAYS[day] + 18 * HOUR).x())
        colours = [picture.pixelColor(QPointF(x * ratio, row * ratio).toPoint()) for x in columns]
        spreads.append(max(max(c.getRgb()[:3]) - min(c.getRgb()[:3]) for c in colours))
    assert spreads[0] > 60  # a colour of the map
    assert spreads[1] < 40  # grey hatching

    assert np.isnan(chart.drawn[4 * 24 : 5 * 24]).all()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(chart, key)
    assert chart.hover.toPlainText() == "point 49"
    with qtbot.waitSignal(chart.brushed) as brushed:
        qtbot.keyClick(chart, Qt.Key.Key_Right, SHIFT)
    assert brushed.args == [DAYS[2], DAYS[4]]


@pytest.mark.parametrize("kind", [BreakdownChart, ParetoChart])
def test_a_bar_is_chosen_by_click_and_by_enter(
    kind: type[BreakdownChart] | type[ParetoChart], qtbot: QtBot
) -> None:
    chart = kind()
    figures = [["60 %", "30 %", "10 %"]] if kind is BreakdownChart else []
    chart.draw(["a", "b", None], ["Chiller", "Lifts", "2 others"], [60.0, 30.0, 10.0], *figures, words(3))
    shown(chart, qtbot)

    with qtbot.waitSignal(chart.chosen) as chosen:
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            qtbot.keyClick(chart, key)
    assert chosen.args == ["b"]
    first = chart.mapFromScene(chart.getViewBox().mapViewToScene(QPointF(0, 0)))
    with qtbot.waitSignal(chart.chosen) as chosen:
        qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=first + QPoint(3, -3))
    assert chosen.args == ["a"]
    with qtbot.assertNotEmitted(chart.chosen):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            qtbot.keyClick(chart, key)


def test_months_end_with_the_calendar_and_are_held_against_their_budget(qtbot: QtBot) -> None:
    starts = [np.datetime64(f"2024-{month:02}-01", "s").astype(float) for month in (1, 2, 3)]
    chart = BudgetChart()
    chart.draw(starts[:2], [900.0, 1100.0], words(2), budget=[1000.0, 1000.0])
    shown(chart, qtbot)
    assert chart.over == [False, True]
    chart.point_out(1)
    with qtbot.waitSignal(chart.brushed) as brushed:
        qtbot.keyClick(chart, Qt.Key.Key_Right, SHIFT)
    assert brushed.args == starts[1:]
    assert edges(np.array(starts[:1]), alone=31 * DAY)[-1] == starts[1]


@pytest.mark.parametrize("n", [0, 1, 2, 400])
def test_every_chart_draws_any_number_of_points_and_gaps(n: int, qtbot: QtBot) -> None:
    x, kwh = MONDAY + DAY * np.arange(n), np.where(np.arange(n) % 3, 5.0, np.nan) - 1
    spread = tuple(np.full(24, np.nan if n == 0 else n) for _ in range(3))
    descending = np.sort(np.nan_to_num(kwh))[::-1]
    drawings: Sequence[tuple[Plot, tuple[object, ...]]] = [
        (ConsumptionChart(), (x, kwh, words(n))),
        (BaseloadChart(), (x, kwh, words(n))),
        (CusumChart(), (x, kwh, words(n))),
        (BudgetChart(), (x, kwh, words(n), 4.0)),
        (HeatMapChart(), (x, np.tile(kwh, (24, 1)).T, words(24 * n))),
        (ProfileChart(), (spread, spread, words(24))),
        (LoadDurationChart(), (np.linspace(0, 1, n), descending, words(n))),
        (ParetoChart(), (words(n), words(n), descending, words(n))),
    ]
    for chart, arguments in drawings:
        chart.draw(*arguments)  # type: ignore[attr-defined]
        shown(chart, qtbot)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Plus, Qt.Key.Key_0):
            qtbot.keyClick(chart, key)
        chart.grab()


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=300),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    most=st.integers(1, 40),
)
def test_pyramid_keeps_the_extremes_of_what_is_visible(
    values: list[float], ends: tuple[float, float], most: int
) -> None:
    y, x = np.array(values), np.arange(len(values), dtype=float)
    left, right = sorted(end * (len(values) - 1) for end in ends)
    drawn_x, drawn_y = MinMaxPyramid(x, y).visible(left, right, most)

    assert len(drawn_x) == len(drawn_y) <= 2 * most + 4
    assert (np.diff(drawn_x) >= 0).all()
    seen = y[(x >= left) & (x <= right)]
    if np.isfinite(seen).any():
        assert np.nanmax(drawn_y) >= np.nanmax(seen)
        assert np.nanmin(drawn_y) <= np.nanmin(seen)
        assert set(drawn_y[np.isfinite(drawn_y)]) <= set(values)
