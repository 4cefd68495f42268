"""To add a chart, touch three places: its entry, what it draws, and the item that draws it."""

from pathlib import Path

import pandas as pd
import pytest
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.dashboard import charts_grid, drawings
from desktop.features.dashboard.charts_grid import ChartItem
from desktop.features.dashboard.page import DashboardWindow
from desktop.framework.drawing import Drawing
from services.dashboard import CHARTS, ChartSpec, Overview
from services.importing import import_file
from services.scope import Scope


@pytest.fixture
def toy_chart(monkeypatch: pytest.MonkeyPatch) -> str:
    """The mean day of each meter, as bars."""

    def means(seen: Overview) -> list[tuple[str, float]]:
        return [(share.name, share.kwh / len(seen.heat_map.days)) for share in seen.devices]

    def draws(seen: Overview) -> Drawing:
        names, kwh = zip(*means(seen), strict=True)
        keys = [share.id for share in seen.devices]
        return Drawing((keys, names, kwh, [str(value) for value in kwh], names), "A toy.")

    spec = ChartSpec("Mean day", "kWh", "Of each meter.", ("Meter", "kWh a day"), means, of_brushed_days=True)
    monkeypatch.setitem(CHARTS, "mean_day", spec)
    monkeypatch.setitem(drawings.DRAWINGS, "mean_day", draws)
    monkeypatch.setitem(charts_grid.ITEMS, "mean_day", ChartItem(charts_grid.BreakdownChart, "device"))
    return "mean_day"


@pytest.fixture
def facility(scope: Scope, tmp_path: Path) -> Scope:
    path = tmp_path / "readings.csv"
    lines = [
        f"2024-01-{day:02},{device},{kwh}" for day in range(1, 11) for device, kwh in (("A", 4), ("B", 2))
    ]
    path.write_text("\n".join(["Date,Device,Consumption (kWh)", *lines]), encoding="utf-8")
    import_file(scope, path)
    return scope


def test_a_chart_of_three_entries_is_on_the_dashboard_and_in_the_export(
    toy_chart: str, facility: Scope, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    page = workplace.go("dashboard")
    assert isinstance(page, DashboardWindow)
    qtbot.waitUntil(lambda: page.pages.currentWidget() is not page.nothing, timeout=20_000)

    plot = page.charts.plots[toy_chart]
    assert plot.drawn == [4.0, 2.0]
    assert plot.accessibleDescription() == "A toy."
    panel = next(panel for panel in page.charts.panels if panel.chart is plot)
    assert panel.menu.title() == "Mean day, kWh"
    assert panel.isVisibleTo(page), "a chart without a place of its own comes at the end of a column"

    path = tmp_path / "mean_day.csv"
    with qtbot.waitSignal(workplace.table_export.saved, timeout=20_000):
        panel.menu._save_data(str(path))
    assert pd.read_csv(path).to_dict("list") == {"Meter": ["A", "B"], "kWh a day": [4.0, 2.0]}

    with qtbot.waitSignal(workplace.dashboard.loaded, timeout=20_000):
        plot.chosen.emit(plot.keys[0])
    assert page.charts.plots[toy_chart].drawn == [4.0], "a click on a bar chooses its device"
