"""The predictions page over real readings: train, then see what the service predicts."""

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from pyqtgraph import FillBetweenItem
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.plot import NEARLY_SURE, interval_shade
from desktop.charts.prediction_chart import PredictionChart
from desktop.charts.time_plot import TimePlot
from desktop.features.predictions.page import PredictionsWindow
from desktop.framework.formatting import NOTHING, percent, period, rounded
from services.forecasts import list_predictions, predict, reports, train, versions
from services.importing import import_file
from services.scope import Scope
from services.settings import Settings


@pytest.fixture
def facility(scope: Scope, tmp_path: Path) -> Scope:
    """Two devices with a weekly rhythm, read once a day for 20 weeks."""
    path = tmp_path / "readings.csv"
    days = [date(2024, 1, 1) + timedelta(days=i) for i in range(140)]
    lines = [
        f"{day},{device},{energy * (0.4 if day.weekday() > 4 else 1) + 5 * math.sin(i / 9)}"
        for i, day in enumerate(days)
        for device, energy in (("Chiller", 120.0), ("Lighting", 80.0))
    ]
    path.write_text("\n".join(["Date,Device,Consumption (kWh)", *lines]), encoding="utf-8")
    import_file(scope, path)
    return scope


def shown(workplace: Workplace, qtbot: QtBot) -> PredictionsWindow:
    page = workplace.go("predictions")
    assert isinstance(page, PredictionsWindow)
    qtbot.waitUntil(lambda: page.pages.currentWidget() is not page.nothing, timeout=20_000)
    return page


def rows(page: PredictionsWindow) -> list[tuple[str, ...]]:
    model = page.content.table.model()
    columns = range(model.columnCount(QModelIndex()))
    count = model.rowCount(QModelIndex())
    return [tuple(model.index(row, column).data() for column in columns) for row in range(count)]


def written(energy: float | None) -> str:
    return NOTHING if energy is None else rounded(energy)


def test_training_from_the_page_brings_the_services_predictions(
    facility: Scope, settings: Settings, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    assert page.pages.currentWidget() is page.untrained

    with qtbot.waitSignal(workplace.predictions.trained, timeout=120_000):
        page.untrained.action.click()
        assert page.progress.isVisibleTo(page)
    best = reports(facility, settings)[0]
    expected = list_predictions(facility, "daily", None, best.name)
    qtbot.waitUntil(lambda: page.content.table.model().rowCount(QModelIndex()) == len(expected))
    assert [(row[0], row[1], *row[4:]) for row in rows(page)] == [
        (period("daily", p.start), rounded(p.predicted_value), written(p.actual_value), percent(p.accuracy))
        for p in expected
    ]
    to_come = [row for row, p in zip(rows(page), expected, strict=True) if not p.held_out]
    assert to_come[0][2] != NOTHING != to_come[0][3]
    assert any(p.accuracy is not None for p in expected)
    assert any(not p.held_out for p in expected)
    assert percent(best.metrics["WAPE"], 1) in page.content.card.accessibleName()
    assert {page.model.itemData(i) for i in range(page.model.count())} == {
        report.name for report in reports(facility, settings)
    }

    other = reports(facility, settings)[1].name
    with qtbot.waitSignal(workplace.predictions.loaded):
        workplace.predictions.choose(period="monthly", model=other)
    assert [row[1] for row in rows(page)] == [
        rounded(p.predicted_value) for p in list_predictions(facility, "monthly", None, other)
    ]


def test_the_page_begins_with_what_is_asked_first(
    facility: Scope, settings: Settings, workplace: Workplace, qtbot: QtBot
) -> None:
    def figures() -> dict[str, str]:
        strip = page.content.outlook
        said = [w.accessibleName() for w in strip.findChildren(QWidget) if w.isVisibleTo(strip)]
        return dict(each.split(": ", 1) for each in said if ": " in each)

    train(facility, settings)
    predict(facility, settings)
    page = shown(workplace, qtbot)
    days = list_predictions(facility, "daily", None, "combination")
    past = [p for p in days if p.held_out]
    off = sum(abs(p.actual_value - p.predicted_value) for p in past) / sum(p.actual_value for p in past)
    week = sum(p.predicted_value for p in days if not p.held_out and p.start < date(2024, 5, 27))
    qtbot.waitUntil(lambda: "Off by, a day ahead" in figures())
    assert figures()["kWh, next 7 days"] == rounded(week)
    assert figures()["Off by, a day ahead"] == percent(off, 1)
    missed = [p for p in past if not p.lower_80 <= p.actual_value <= p.upper_80]
    assert page.content.chart.missed == pytest.approx([p.actual_value for p in missed])

    # The readings end on 19 May: that month, and the next.
    months = [p for p in list_predictions(facility, "monthly", None, "combination") if not p.held_out]
    with qtbot.waitSignal(workplace.predictions.loaded):
        workplace.facility.save(0.25, None, monthly_budget=1000.0)
    qtbot.waitUntil(lambda: "Of the budget" in figures())
    assert figures()["kWh, May 2024"] == rounded(months[0].predicted_value)
    assert figures()["kWh, June 2024"] == rounded(months[1].predicted_value)
    assert figures()["Cost of June 2024"] == f"€{0.25 * months[1].predicted_value:,.0f}"
    assert figures()["Of the budget"] == percent(months[1].predicted_value / 1000)


def test_hours_to_come_models_compared_and_an_earlier_training(
    facility: Scope, settings: Settings, workplace: Workplace, qtbot: QtBot
) -> None:
    first, second = train(facility, settings), train(facility, settings)
    page = shown(workplace, qtbot)
    models = page.content.models
    compared = models.scores.model()
    assert compared.rowCount() == len(second)
    assert compared.index(0, 1).data() == percent(second[0].metrics["WAPE"], 1)
    assert models.trainings.model().rowCount() == 2

    models.trainings.choose(1)
    with qtbot.waitSignal(workplace.predictions.trained, timeout=120_000):
        models.use.click()
    qtbot.waitUntil(lambda: not workplace.predictions.training)
    assert reports(facility, settings) == first

    with qtbot.waitSignal(workplace.predictions.loaded):
        workplace.predictions.choose_scored(2)
    assert workplace.predictions.model == first[2].name


def test_models_are_trained_again_after_an_import_where_the_user_wants_it(
    facility: Scope, settings: Settings, workplace: Workplace, qtbot: QtBot
) -> None:
    train(facility, settings)
    page = shown(workplace, qtbot)
    with qtbot.waitSignal(workplace.renewal.predicted, timeout=120_000):
        workplace.renewal.renew()
    assert len(versions(facility, settings)) == 1

    with qtbot.waitSignal(workplace.predictions.loaded):
        page.retrain.click()
    assert page.retrain.isChecked()
    with qtbot.waitSignal(workplace.renewal.predicted, timeout=120_000):
        workplace.renewal.renew()
    assert len(versions(facility, settings)) == 2


def test_cancelled_training_keeps_the_earlier_models(
    facility: Scope, settings: Settings, workplace: Workplace, qtbot: QtBot
) -> None:
    before = train(facility, settings)
    page = shown(workplace, qtbot)

    with qtbot.waitSignal(workplace.predictions.notified, timeout=60_000):
        workplace.predictions.train()
        page.progress.cancel.click()

    assert page.banner.text == "Training cancelled."
    assert not page.progress.isVisibleTo(page)
    assert reports(facility, settings) == before


def test_without_readings_the_page_offers_an_import(workplace: Workplace, qtbot: QtBot) -> None:
    page = shown(workplace, qtbot)

    assert page.pages.currentWidget() is page.no_readings
    page.import_wanted.disconnect()  # no file dialog here
    with qtbot.waitSignal(page.import_wanted):
        page.no_readings.action.click()


def test_the_page_says_from_what_it_was_forecast_and_what_the_models_do_not_know(
    facility: Scope, settings: Settings, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    for report in train(facility, settings):
        predict(facility, settings, report.name)
    page = shown(workplace, qtbot)
    assert page.content.origin.text() == "From the readings up to 19 May 2024."
    assert page.outdated.isHidden()

    path = tmp_path / "roof.csv"
    days = [date(2024, 3, 1) + timedelta(days=i) for i in range(80)]
    path.write_text("Date,Device,Consumption (kWh)\n" + "".join(f"{d},PV 2,{9 + d.day % 3}\n" for d in days))
    import_file(facility, path)
    workplace.predictions.refresh()
    qtbot.waitUntil(page.outdated.isVisible, timeout=20_000)
    assert page.outdated.text == "“PV 2” is new since the models were trained: train again."
    with qtbot.waitSignal(workplace.predictions.trained, timeout=120_000):
        page.train.click()
        assert page.outdated.isHidden()
    qtbot.waitUntil(lambda: not workplace.predictions.outdated, timeout=20_000)


def test_an_interval_has_one_colour_on_every_chart(qtbot: QtBot) -> None:
    ahead, past = PredictionChart(), ConsumptionChart()
    for chart in (ahead, past):
        qtbot.addWidget(chart)
    n = 40
    x, ones = [86_400.0 * i for i in range(n)], [1.0] * n
    ahead.show_series(x, ones, [math.nan] * n, [False] * n, [""] * n, [0.5] * n, [2.0] * n)
    past.draw(np.array(x[:9]), np.ones(9), [""] * n, tuple(np.array(v) for v in (x[9:], *[ones[9:]] * 3)))
    assert _band_colours(ahead) == _band_colours(past) == [interval_shade().name(QColor.NameFormat.HexArgb)]
    ahead.show_series(x, ones, [math.nan] * n, [False] * n, [""] * n, [0.5] * n, [2.0] * n, likely=False)
    assert _band_colours(ahead) == [interval_shade(NEARLY_SURE).name(QColor.NameFormat.HexArgb)]


def _band_colours(chart: TimePlot) -> list[str]:
    items = chart.getPlotItem().items
    return [
        item.brush().color().name(QColor.NameFormat.HexArgb)
        for item in items
        if isinstance(item, FillBetweenItem)
    ]
