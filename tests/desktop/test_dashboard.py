"""The dashboard page over real readings: what it shows is what the service reckons."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.dashboard.page import DashboardWindow
from desktop.features.dashboard.saved_views import SavedViewsDialog
from desktop.features.dashboard.view_model import DashboardViewModel
from desktop.framework.formatting import kwh, money
from services import accounts, views
from services.dashboard import Filter, Stats, stats
from services.devices import list_devices
from services.facility import Facility, Tariff, save
from services.importing import import_file
from services.scope import Scope
from services.settings import Settings
from services.views import View, ViewPeriod

FIRST = date(2024, 1, 1)
DAYS = 60
DAILY = {"Chiller": 120.0, "Lifts & <escalators>": 45.0, "Lighting": 80.0}


@pytest.fixture
def facility(scope: Scope, tmp_path: Path) -> Scope:
    """Three devices, read once a day for 60 days up to the end of February."""
    path = tmp_path / "readings.csv"
    lines = [
        f"{FIRST + timedelta(days=day)},{device},{energy + day % 7}"
        for day in range(DAYS)
        for device, energy in DAILY.items()
    ]
    path.write_text("\n".join(["Date,Device,Consumption (kWh)", *lines]), encoding="utf-8")
    import_file(scope, path)
    return scope


def shown(workplace: Workplace, qtbot: QtBot) -> DashboardWindow:
    """The page, once it shows what the database holds."""
    page = workplace.go("dashboard")
    assert isinstance(page, DashboardWindow)
    qtbot.waitUntil(lambda: page.pages.currentWidget() is not page.nothing, timeout=20_000)
    return page


def seconds(day: date) -> float:
    """As the charts count them."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def assert_shows(page: DashboardWindow, expected: Stats) -> None:
    cards, plots = page.cards, page.charts.plots
    assert cards.total.accessibleName() == f"Total consumption: {kwh(expected.total_consumption)}"
    assert cards.average.accessibleName() == f"Average per day: {kwh(expected.avg_daily_consumption)}"
    assert cards.peak.accessibleName() == f"Peak consumption: {kwh(expected.peak_consumption)}"
    assert cards.next_month.accessibleName() == (
        f"Predicted next month: {kwh(expected.predicted_next_month)}"
    )
    assert plots["consumption"].drawn == pytest.approx([day.consumption for day in expected.daily_data])
    assert plots["weeks"].drawn == pytest.approx([week.consumption for week in expected.weekly_data])
    assert plots["devices"].drawn == pytest.approx([part.consumption for part in expected.device_breakdown])


def test_page_shows_the_seven_figures(facility: Scope, workplace: Workplace, qtbot: QtBot) -> None:
    page = shown(workplace, qtbot)

    expected = stats(facility)
    assert len(expected.daily_data) == DAYS
    assert_shows(page, expected)
    assert "Chiller" in page.charts.plots["devices"].accessibleDescription()


def test_period_counts_from_the_last_day_with_readings(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)

    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.filter.period.set_value(str(ViewPeriod.LAST_7))
        page.filter.period.activated.emit(page.filter.period.currentIndex())

    assert_shows(page, stats(facility, Filter(start=date(2024, 2, 23), end=date(2024, 2, 29))))


def test_click_on_a_device_shows_it_alone_until_reset(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    lighting = next(device.id for device in list_devices(facility) if device.name == "Lighting")
    breakdown = page.charts.plots["devices"]
    second_bar = breakdown.mapFromScene(breakdown.getViewBox().mapViewToScene(QPointF(100, 1)))

    with qtbot.waitSignal(workplace.dashboard.loaded):
        qtbot.mouseClick(breakdown.viewport(), Qt.MouseButton.LeftButton, pos=second_bar)
    assert_shows(page, stats(facility, Filter(device_ids=(lighting,))))
    assert page.filter.devices.text() == "Lighting"

    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.filter.reset.click()
    assert_shows(page, stats(facility))


def test_brushed_days_narrow_figures_and_shares_until_the_chip_is_pressed(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    daily, week = page.charts.plots["consumption"], (date(2024, 2, 5), date(2024, 2, 11))

    with qtbot.waitSignal(workplace.dashboard.loaded):
        daily.brushed.emit(seconds(week[0]), seconds(week[1]) + 86_400)
    narrowed = stats(facility, Filter(*week))
    assert page.cards.total.accessibleName() == f"Total consumption: {kwh(narrowed.total_consumption)}"
    assert page.charts.plots["devices"].drawn == pytest.approx(
        [p.consumption for p in narrowed.device_breakdown]
    )
    assert daily.drawn == pytest.approx([day.consumption for day in stats(facility).daily_data])
    assert page.charts.plots["heat_map"].span == (seconds(week[0]), seconds(week[1]) + 86_400)
    assert page.filter.brush.text() == "5–11 Feb 2024"

    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.filter.brush.click()
    assert_shows(page, stats(facility))
    assert page.charts.plots["heat_map"].span is None


def test_figures_are_compared_with_the_days_before(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    with qtbot.waitSignal(workplace.dashboard.loaded):
        workplace.dashboard.choose(period=str(ViewPeriod.LAST_30))

    now = stats(facility, Filter(date(2024, 1, 31), date(2024, 2, 29))).total_consumption
    before = stats(facility, Filter(date(2024, 1, 1), date(2024, 1, 30))).total_consumption
    assert before < now < before * 1.005
    said = page.cards.total.accessibleDescription().replace("\N{THIN SPACE}", "")
    assert "as in 1–30 Jan 2024" in said


def test_cost_appears_once_there_is_a_tariff(facility: Scope, workplace: Workplace, qtbot: QtBot) -> None:
    page = shown(workplace, qtbot)
    assert page.cards.cost.link.text() == "Set a tariff"
    with qtbot.waitSignal(page.settings_wanted):
        page.cards.cost.link.click()
    assert workplace.window.navigation.current == "settings"

    save(facility, Facility(currency="GBP", tariff=Tariff(0.2)))
    with qtbot.waitSignal(workplace.dashboard.loaded):
        workplace.facility.saved.emit()
    total = stats(facility).total_consumption
    assert page.cards.cost.accessibleName() == f"Cost: {money(total / 5, 'GBP')}"


def test_what_was_looked_at_last_is_shown_at_the_next_start(
    facility: Scope, workplace: Workplace, settings: Settings, qtbot: QtBot
) -> None:
    shown(workplace, qtbot)
    workplace.dashboard.choose(period=str(ViewPeriod.LAST_7), resolution="week")
    qtbot.waitUntil(lambda: views.remembered(facility) == View("last 7 days", resolution="week"))

    user = accounts.sign_in(facility.db, "ada@example.com", "correct horse battery")
    again = DashboardViewModel(accounts.Session.start(facility.db, settings, user), workplace.dashboard)
    with qtbot.waitSignal(again.loaded):
        again.refresh()
    assert again.choice == View("last 7 days", resolution="week")


def test_views_are_saved_chosen_renamed_and_deleted(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    saved = workplace.saved_views
    lighting = next(device.id for device in list_devices(facility) if device.name == "Lighting")
    with qtbot.waitSignal(workplace.dashboard.loaded):
        workplace.dashboard.choose(device_ids=(lighting,))
    page.views.save()
    dialog = page.views.findChildren(QInputDialog)[0]
    dialog.setTextValue("Lights")
    with qtbot.waitSignal(saved.changed):
        dialog.accept()
    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.filter.reset.click()

    page.views.fill()
    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.views.choices.actions()[0].trigger()
    assert_shows(page, stats(facility, Filter(device_ids=(lighting,))))

    page.views.edit()
    views_dialog = page.views.findChildren(SavedViewsDialog)[0]
    with qtbot.waitSignal(saved.changed):
        views_dialog.list.item(0).setText("Lamps")
    assert saved.names == ["Lamps"]
    with qtbot.waitSignal(saved.changed):
        views_dialog.delete.click()
    assert saved.names == []


def test_the_data_of_every_chart_can_be_saved(
    facility: Scope, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    assert workplace.dashboard.drawings is not None
    saved = {}
    for name, drawing in workplace.dashboard.drawings.items():
        path = tmp_path / f"{name}.csv"
        with qtbot.waitSignal(workplace.table_export.saved, timeout=20_000):
            workplace.table_export.save(str(path), drawing.table())
        saved[name] = pd.read_csv(path)
    assert page.banner.text == f"The table is saved: {path}"
    days = saved["consumption"].dropna(subset="kWh")
    assert days["kWh"].tolist() == pytest.approx([day.consumption for day in stats(facility).daily_data])
    assert days["Start"].iloc[0] == "2024-01-01"
    assert saved["devices"]["Name"].tolist() == ["Chiller", "Lighting", "Lifts & <escalators>"]
    assert len(saved["heat_map"]) == DAYS


def test_only_the_answer_to_the_last_question_is_shown(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    first, second = (device.id for device in list_devices(facility)[:2])

    with qtbot.waitSignal(workplace.dashboard.loaded):
        workplace.dashboard.choose(device_ids=(first,))
        workplace.dashboard.choose(device_ids=(second,))

    assert_shows(page, stats(facility, Filter(device_ids=(second,))))


def test_without_readings_the_page_offers_an_import(workplace: Workplace, qtbot: QtBot) -> None:
    page = shown(workplace, qtbot)

    assert page.pages.currentWidget() is page.empty
    page.import_wanted.disconnect()  # no file dialog here
    with qtbot.waitSignal(page.import_wanted):
        page.empty.action.click()
