"""The import page over the real services: a file chosen there, and what of it stands in the database."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.composition import Workplace
from desktop.viewmodels.import_viewmodel import Stage
from desktop.windows.import_window import ImportWindow
from services.scope import Scope

PATIENCE = 60_000
"""Milliseconds that a busy machine may take for an import."""

Open = Callable[[Path], None]


@pytest.fixture
def page(workplace: Workplace) -> ImportWindow:
    page = workplace.go("import")
    assert isinstance(page, ImportWindow)
    return page


@pytest.fixture
def open_file(page: ImportWindow, workplace: Workplace, qtbot: QtBot) -> Open:
    """Opens a file on the page and waits for its columns."""

    def opened(path: Path) -> None:
        page.open_file(str(path))
        qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)

    return opened


def readings(rows: int) -> pd.DataFrame:
    start = pd.date_range("2024-01-01", periods=rows, freq="15min")
    return pd.DataFrame({"Interval start": start, "Meter": "Chiller", "kWh": 2.5, "Building": "North"})


def import_it(page: ImportWindow, workplace: Workplace, qtbot: QtBot) -> dict[str, str]:
    """Press Import and wait; the figures of the summary by their names."""
    page.mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.SUMMARY, timeout=PATIENCE)
    assert workplace.imports.outcome is not None
    return {label: value for label, value, _meaning in workplace.imports.outcome.figures}


def test_the_second_import_of_a_file_adds_nothing(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.xlsx"
    readings(96).to_excel(path, index=False)

    open_file(path)
    assert [page.mapping.columns[f].currentText() for f in ("date", "device", "consumption", "location")] == [
        "Interval start",
        "Meter",
        "kWh",
        "Building",
    ]
    assert import_it(page, workplace, qtbot) == {
        "Read": "96",
        "Added": "96",
        "Already there": "0",
        "Changed": "0",
        "Refused": "0",
        "New alerts": "0",
    }
    with qtbot.waitSignal(page.dashboard_wanted):
        page.summary.dashboard.click()
    assert scope.db["consumption_data"].count_documents(scope.owned()) == 96

    page.summary.another.click()
    open_file(path)
    figures = import_it(page, workplace, qtbot)
    assert (figures["Added"], figures["Already there"]) == ("0", "96")
    assert scope.db["consumption_data"].count_documents(scope.owned()) == 96


def test_nothing_is_left_of_an_import_cancelled_midway(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    readings(100_000).to_csv(path, index=False)
    open_file(path)
    stored: list[int] = []

    def cancel_once_some_is_stored(_stage: str, done: int, total: int, _left: float) -> None:
        if 0 < done < total and not stored:
            stored.append(scope.db["consumption_data"].count_documents(scope.owned()))
            page.progress.cancel.click()

    workplace.imports.progressed.connect(cancel_once_some_is_stored)
    page.mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)

    assert stored[0] > 0
    assert page.banner.text == "Import cancelled. Nothing was stored."
    for collection in ("consumption_data", "daily_consumption", "devices", "imports"):
        assert scope.db[collection].count_documents(scope.owned()) == 0


def test_refused_rows_are_shown_with_their_numbers_and_copied(
    page: ImportWindow, open_file: Open, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    frame = readings(6).astype("object")
    frame.loc[1, "kWh"] = "lots"
    frame.loc[4, "Meter"] = None
    path = tmp_path / "meters.xlsx"
    frame.to_excel(path, index=False)

    open_file(path)
    assert import_it(page, workplace, qtbot)["Refused"] == "2"
    assert page.summary.refusals.isVisible()
    page.summary.copy.click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Row\tColumn\tValue\tReason",
        "3\tkWh\tlots\tThis is no number of kWh.",
        "6\tMeter\t\tThe device is missing.",
    ]


def test_a_column_that_is_missing_is_asked_for_and_one_left_out_stays_out(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    readings(4).rename(columns={"Meter": "Whose"}).to_csv(path, index=False)

    open_file(path)
    assert page.mapping.complaint.text() == "Choose the column that holds: Device."
    assert not page.mapping.start.isEnabled()
    for field, column in (("device", "Whose"), ("location", "— none —")):
        combo = page.mapping.columns[field]
        combo.setCurrentText(column)
        combo.activated.emit(combo.currentIndex())
    assert import_it(page, workplace, qtbot)["Added"] == "4"
    assert scope.db["consumption_data"].distinct("location") == [""]


def test_what_is_no_spreadsheet_is_refused_in_a_sentence(
    page: ImportWindow, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all\nnothing to see here\n")
    page.open_file(str(path))
    qtbot.waitUntil(page.banner.isVisible, timeout=PATIENCE)
    assert page.banner.text.startswith("letter.txt is no spreadsheet")
    assert workplace.imports.stage is Stage.CHOOSE
