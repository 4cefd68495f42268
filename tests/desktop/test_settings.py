"""The settings page: what is said of the facility is stored, refused, and shown again."""

import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.settings.facility_settings_panel import FacilitySettingsPanel, TariffPeriodDialog
from services.facility import Facility, Tariff, TariffPeriod, facility_of
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def panel(workplace: Workplace, qtbot: QtBot) -> FacilitySettingsPanel:
    with qtbot.waitSignal(workplace.facility.loaded, timeout=PATIENCE):
        page = workplace.go("settings")
    return page.findChildren(FacilitySettingsPanel)[0]


def test_facility_and_its_tariff_are_stored(
    panel: FacilitySettingsPanel, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    panel.name.setText("Town hall")
    panel.country.set_value("DE")
    panel.floor_area.setText("1,200.5")
    panel.tariff.base_price.setText("0.2875")
    panel.tariff.add.click()
    period = panel.findChildren(TariffPeriodDialog)[0]
    period.name.setText("Winter peak")
    period.months.choose([11, 12, 1, 2])
    period.price.setText("0.41")
    period.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    row = [panel.tariff.list.model().index(0, column).data() for column in range(6)]
    assert row == ["Winter peak", "Nov–Feb", "Mon–Fri", "08:00", "20:00", "0.4100"]

    with qtbot.waitSignal(workplace.facility.saved, timeout=PATIENCE):
        panel.save.click()

    winter = TariffPeriod("Winter peak", frozenset({11, 12, 1, 2}), frozenset(range(5)), 8, 20, 0.41)
    assert facility_of(scope) == Facility(
        "Town hall", "EUR", 1200.5, None, "DE", Tariff(0.2875, (winter,)), None
    )


def test_what_cannot_be_is_refused_in_words(panel: FacilitySettingsPanel, qtbot: QtBot, scope: Scope) -> None:
    panel.floor_area.setText("0")
    panel.save.click()
    qtbot.waitUntil(panel.banner.isVisible, timeout=PATIENCE)
    assert panel.banner.text == "The floor area must be above 0, or empty when it is not known."

    panel.floor_area.clear()
    panel.tariff.demand_price.setText("12")
    panel.save.click()
    assert panel.banner.text.startswith("Enter the price per kWh")
    assert facility_of(scope) == Facility()
