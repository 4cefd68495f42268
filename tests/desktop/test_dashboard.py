"""The dashboard page over real readings: what it shows is what the service reckons."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from desktop.composition import Workplace
from desktop.viewmodels.dashboard_period import Period
from desktop.viewmodels.quantities import kwh
from desktop.windows.dashboard_window import DashboardWindow
from services.dashboard import Filter, Stats, stats
from services.devices import list_devices
from services.importing import import_file
from services.scope import Scope

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


def assert_shows(page: DashboardWindow, expected: Stats) -> None:
    content = page.content
    assert content.total.accessibleName() == f"Total consumption: {kwh(expected.total_consumption)}"
    assert content.average.accessibleName() == f"Average per day: {kwh(expected.avg_daily_consumption)}"
    assert content.peak.accessibleName() == f"Peak consumption: {kwh(expected.peak_consumption)}"
    assert content.next_month.accessibleName() == (
        f"Predicted next month: {kwh(expected.predicted_next_month)}"
    )
    assert content.daily.drawn == pytest.approx([day.consumption for day in expected.daily_data])
    assert content.weekly.drawn == pytest.approx([week.consumption for week in expected.weekly_data])
    assert content.breakdown.drawn == pytest.approx([part.consumption for part in expected.device_breakdown])


def test_page_shows_the_seven_figures(facility: Scope, workplace: Workplace, qtbot: QtBot) -> None:
    page = shown(workplace, qtbot)

    expected = stats(facility)
    assert len(expected.daily_data) == DAYS
    assert_shows(page, expected)
    assert "Chiller" in page.content.breakdown.accessibleDescription()


def test_period_counts_from_the_last_day_with_readings(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)

    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.filter.period.setCurrentIndex(page.filter.period.findData(Period.LAST_7))
        page.filter.period.activated.emit(page.filter.period.currentIndex())

    assert_shows(page, stats(facility, Filter(start=date(2024, 2, 23), end=date(2024, 2, 29))))


def test_click_on_a_device_shows_it_alone_until_reset(
    facility: Scope, workplace: Workplace, qtbot: QtBot
) -> None:
    page = shown(workplace, qtbot)
    lighting = next(device.id for device in list_devices(facility) if device.name == "Lighting")
    breakdown = page.content.breakdown
    second_bar = breakdown.mapFromScene(breakdown.getViewBox().mapViewToScene(QPointF(100, 1)))

    with qtbot.waitSignal(workplace.dashboard.loaded):
        qtbot.mouseClick(breakdown.viewport(), Qt.MouseButton.LeftButton, pos=second_bar)
    assert_shows(page, stats(facility, Filter(device_ids=(lighting,))))
    assert page.filter.devices.text() == "Lighting"

    with qtbot.waitSignal(workplace.dashboard.loaded):
        page.filter.reset.click()
    assert_shows(page, stats(facility))


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
