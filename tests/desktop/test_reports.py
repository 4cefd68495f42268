"""The reports page over real readings: looked at, saved, printed and made by itself."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pypdfium2
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.reports.page import ReportsWindow
from desktop.features.reports.view_model import State
from services import facility, reports
from services.importing import import_file
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def metered(scope: Scope, tmp_path: Path) -> Scope:
    """A chiller and its lighting, by the hour, in May and June 2024."""
    hours = pd.date_range("2024-05-01", "2024-06-30 23:00", freq="h")
    kwh = 2 + np.sin(hours.hour.to_numpy() / 24 * 2 * np.pi)
    frames = [
        pd.DataFrame({"date": hours, "device": name, "kWh": kwh * size})
        for name, size in (("Chiller", 3), ("Lighting", 1))
    ]
    path = tmp_path / "meters.csv"
    pd.concat(frames).to_csv(path, index=False)
    import_file(scope, path)
    facility.save(scope, facility.Facility(name="Harbour Mill", country="DE"))
    return scope


@pytest.fixture
def page(metered: Scope, workplace: Workplace, qtbot: QtBot) -> ReportsWindow:
    page = workplace.go("reports")
    assert isinstance(page, ReportsWindow)
    qtbot.waitUntil(lambda: workplace.reports.state is State.READY, timeout=PATIENCE)
    return page


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_report_is_looked_at(page: ReportsWindow, workplace: Workplace, qtbot: QtBot) -> None:
    report = workplace.reports.report
    assert report is not None
    assert "Harbour Mill used" in page.report.preview.accessibleDescription()
    assert page.report.preview.count == len(report.pages) >= 2
    assert page.report.choices.period.currentText() == "June 2024"
    # A picture of the page, not an empty one: the rule under the title is blue across the middle.
    image = report.pages[0]
    colours = {image.pixelColor(image.width() // 2, y).name() for y in range(image.height() // 3)}
    assert "#0a5fb4" in colours

    with qtbot.waitSignal(workplace.reports.loaded, timeout=PATIENCE):
        choice = page.report.choices.subject
        choice.setCurrentIndex(choice.findText("Lighting"))
        choice.chosen.emit(choice.currentData())
    with qtbot.waitSignal(workplace.reports.loaded, timeout=PATIENCE):
        page.report.choices.kind.set_value("week")
        page.report.choices.kind.activated.emit(1)
    said = page.report.preview.accessibleDescription()
    assert said.startswith("Lighting used")
    assert "the week of 24 June 2024" in said

    workplace.reports.choose(kind="month", period=None)
    with qtbot.waitSignal(workplace.reports.loaded, timeout=PATIENCE):
        page.report.progress.cancelled.emit()
    assert page.report.choices.kind.value == "week"
    assert page.report.preview.accessibleDescription() == said


def test_the_preview_zooms_and_scrolls(page: ReportsWindow, workplace: Workplace, qtbot: QtBot) -> None:
    preview, bar = page.report.preview, page.report.bar
    fitting = preview.zoom
    assert bar.place.text().startswith("Page 1 of")
    preview.resize(preview.size() / 2)
    preview.resize(preview.size() * 2)
    assert preview.verticalScrollBar().value() == 0, "the top stays at the top"
    fitting = preview.zoom
    qtbot.mouseClick(bar.closer, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert preview.zoom > fitting
    preview.verticalScrollBar().setValue(preview.verticalScrollBar().maximum())
    assert bar.place.text() == f"Page {preview.count} of {preview.count}"
    qtbot.mouseClick(bar.fit, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert preview.zoom == pytest.approx(fitting)


def test_a_report_is_saved_and_printed(
    page: ReportsWindow, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.report.pdf, Qt.MouseButton.LeftButton)
    dialog = page.report.findChild(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "Harbour Mill 2024-06.pdf"
    for name in ("report.pdf", "report.xlsx"):
        with qtbot.waitSignal(workplace.reports.notified, timeout=PATIENCE):
            dialog.fileSelected.emit(str(tmp_path / name))
        assert page.banner.text == f"Saved: {tmp_path / name}"
    dialog.reject()
    assert workplace.reports.report is not None
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Harbour Mill" in text_of((tmp_path / "report.pdf").read_bytes())
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["Days"]._charts
    with qtbot.waitSignal(workplace.reports.failed, timeout=PATIENCE):
        workplace.reports.save(str(tmp_path / "nowhere" / "report.pdf"))
    assert "cannot be written to" in page.banner.text

    paper = QPdfWriter(str(tmp_path / "printed.pdf"))
    paper.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    paper.setResolution(100)
    with qtbot.waitSignal(workplace.reports.notified, timeout=PATIENCE):
        workplace.reports.print_on(paper)
    with pypdfium2.PdfDocument(tmp_path / "printed.pdf") as printed:
        assert len(printed) == page.report.preview.count
        ink = np.asarray(printed[0].render(scale=1).to_numpy())
    assert ink[:, :, :3].min() < 80, "something is on the paper"


def test_reports_are_made_by_themselves(
    page: ReportsWindow, workplace: Workplace, metered: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    schedules, panel = workplace.report_schedules, page.schedules
    folder = tmp_path / "reports"
    folder.mkdir()
    page.tabs.setCurrentIndex(1)
    assert panel.pages.currentWidget() is panel.none
    panel.pdf.setChecked(False)
    assert not panel.add.isEnabled(), "nothing to make"
    panel.pdf.setChecked(True)
    with qtbot.waitSignal(schedules.made, timeout=PATIENCE):
        panel.schedule(str(folder))
    assert [path.name for path in folder.iterdir()] == ["Harbour Mill 2024-06.pdf"]
    assert "Harbour Mill 2024-06.pdf" in workplace.window.banner.text
    qtbot.waitUntil(lambda: panel.pages.currentWidget() is panel.list)

    # The drive with the folder is away when the next one is due: told once, made when it is back.
    folder.rename(tmp_path / "elsewhere")
    april = {"$set": {"through": datetime(2024, 4, 30, tzinfo=UTC)}}
    metered.db["report_schedules"].update_one({}, april)
    with qtbot.waitSignal(schedules.refused, timeout=PATIENCE):
        schedules.make_due()
    assert "is not there" in workplace.window.banner.text
    qtbot.waitUntil(lambda: not schedules.making)
    with qtbot.assertNotEmitted(schedules.refused):
        schedules.make_due()
        qtbot.waitUntil(lambda: not schedules.making, timeout=PATIENCE)
    (tmp_path / "elsewhere").rename(folder)
    with qtbot.waitSignal(schedules.made, timeout=PATIENCE):
        schedules.make_due()
    assert len(list(folder.iterdir())) == 2

    qtbot.waitUntil(lambda: not schedules.making)
    panel.list.choose(0)
    qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.pages.currentWidget() is panel.none, timeout=PATIENCE)
    assert reports.list_schedules(metered) == []


def test_without_readings_the_page_offers_an_import(workplace: Workplace, qtbot: QtBot) -> None:
    page = workplace.go("reports")
    assert isinstance(page, ReportsWindow)
    qtbot.waitUntil(lambda: page.report.pages.currentWidget() is page.report.no_readings, timeout=PATIENCE)
    page.import_wanted.disconnect()  # no file dialog here
    with qtbot.waitSignal(page.import_wanted):
        page.report.no_readings.action.click()
