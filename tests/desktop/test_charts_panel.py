"""What is taken away from a chart: pictures that open, and its data."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from desktop.charts import pictures
from desktop.charts.consumption_chart import ConsumptionChart
from desktop.charts.load_charts import ProfileChart
from desktop.framework.chart_panel import ChartPanel
from desktop.framework.table_export import Table

TABLE: Table = (["Day", "kWh", "Note"], [["2024-01-01", 1234.5, "=SUM(A1)"], ["2024-01-02", None, "a\tb"]])


@pytest.fixture
def panel(qtbot: QtBot) -> ChartPanel:
    chart = ConsumptionChart()
    x = 1.7e9 + 86400 * np.arange(300.0)
    chart.draw(x, np.sin(x / 1e6) + 2, [str(i) for i in range(300)])
    panel = ChartPanel("Consumption, kWh", "Drag it", chart)
    qtbot.addWidget(panel)
    panel.resize(640, 360)
    panel.show()
    return panel


def choose(panel: ChartPanel, path: Path) -> None:
    """Answer the dialog that has come up."""
    (dialog,) = panel.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_pictures_open(panel: ChartPanel, tmp_path: Path) -> None:
    png, svg = tmp_path / "chart.png", tmp_path / "chart.svg"
    panel.menu.save_png.trigger()
    choose(panel, png)
    pictures.save_svg(panel.chart, str(svg), "Consumption, kWh")

    size = panel.chart.size() * pictures.SCALE
    image = QImage(str(png))
    assert image.width() == size.width()
    assert image.height() == size.height() + pictures.SCALE * pictures.TITLE_HEIGHT
    drawing = ElementTree.parse(svg).getroot()
    names = [element.tag.split("}")[1] for element in drawing.iter()]
    assert "polyline" in names or "path" in names
    assert "clipPath" in names
    written = "".join(drawing.itertext())
    assert "Consumption, kWh" in written


def test_a_picture_that_cannot_be_written_is_told(panel: ChartPanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.menu.save_svg.trigger()
    with qtbot.waitSignal(panel.failed) as failed:
        choose(panel, tmp_path / "absent" / "chart.svg")
    assert "absent" in failed.args[0]
    assert list(tmp_path.iterdir()) == []


def test_data_are_copied_and_written_only_where_there_are_some(panel: ChartPanel, tmp_path: Path) -> None:
    assert not panel.menu.copy_data.isVisible()
    written: list[tuple[str, Table]] = []
    panel.set_table(lambda: TABLE, lambda path, table: written.append((path, table)))
    panel.menu.copy_data.trigger()
    assert QGuiApplication.clipboard().text().split("\n") == [
        "Day\tkWh\tNote",
        "2024-01-01\t1234.5\t'=SUM(A1)",
        "2024-01-02\t\ta b",
    ]

    panel.menu.save_xlsx.trigger()
    choose(panel, tmp_path / "data.xlsx")
    assert written == [(str(tmp_path / "data.xlsx"), TABLE)]
    panel.menu.copy_picture.trigger()
    assert not QGuiApplication.clipboard().image().isNull()


def test_an_empty_chart_says_why(panel: ChartPanel) -> None:
    panel.show_empty("No readings in these days.")
    assert panel.empty.isVisible()
    assert not panel.chart.isVisible()
    assert not panel.more.isEnabled()
    panel.show_empty("")
    assert panel.chart.isVisible()


def test_the_button_makes_a_drag_select(panel: ChartPanel, qtbot: QtBot) -> None:
    panel.brush.click()
    assert panel.chart.brushing
    panel.brush.click()
    assert not panel.chart.brushing
    plain = ChartPanel("Load profile, kW", "", ProfileChart())
    qtbot.addWidget(plain)
    plain.show()
    assert not plain.brush.isVisible()
