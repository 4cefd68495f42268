"""The import page over the real services: a file chosen there, and what of it stands in the database."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.imports.mapping_panel import ImportMeterQuestion
from desktop.features.imports.page import ImportWindow
from desktop.features.imports.view_model import Stage
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
        workplace.show("import", [str(path)])
        qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)

    return opened


def readings(rows: int) -> pd.DataFrame:
    start = pd.date_range("2024-01-01", periods=rows, freq="15min")
    return pd.DataFrame({"Interval start": start, "Meter": "Chiller", "kWh": 2.5, "Building": "North"})


def import_it(page: ImportWindow, workplace: Workplace, qtbot: QtBot) -> dict[str, str]:
    """Press Import and wait; the figures of the summary by their names."""
    page.files.mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.SUMMARY, timeout=PATIENCE)
    assert workplace.imports.summary.outcome is not None
    return {label: value for label, value, _meaning in workplace.imports.summary.outcome.figures}


def test_the_second_import_of_a_file_adds_nothing(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.xlsx"
    readings(96).to_excel(path, index=False)

    open_file(path)
    assert [
        page.files.mapping.columns[f].currentText() for f in ("date", "device", "consumption", "location")
    ] == [
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
        "Kept": "0",
        "Refused": "0",
        "New alerts": "0",
    }
    with qtbot.waitSignal(page.dashboard_wanted):
        page.files.summary.dashboard.click()
    assert scope.db["consumption_data"].count_documents(scope.owned()) == 96

    page.files.summary.another.click()
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

    def cancel_while_storing(stage: str, done: int, total: int, _left: float) -> None:
        if stage == "Storing readings" and done < total and not stored:
            stored.append(done)
            page.files.progress.cancel.click()

    workplace.imports.progressed.connect(cancel_while_storing)
    page.files.mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)

    assert stored
    assert page.banner.text == "Import cancelled. Nothing was stored."
    for collection in ("consumption_data", "load_blocks", "devices", "imports"):
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
    assert page.files.summary.refused.list.isVisible()
    page.files.summary.refused.copy.click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Row\tColumn\tValue\tReason",
        "3\tkWh\tlots\tThis is no number of kWh.",
        "6\tMeter\t\tThe device is missing.",
    ]


def choose(page: ImportWindow, field: str, column: str) -> None:
    combo = page.files.mapping.columns[field]
    combo.setCurrentText(column)
    combo.activated.emit(combo.currentIndex())


def test_a_column_that_is_missing_is_asked_for_and_one_left_out_stays_out(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    readings(4).to_csv(path, index=False)

    open_file(path)
    choose(page, "consumption", "— choose —")
    assert page.files.mapping.complaint.text().endswith("Say which column holds the kWh.")
    assert not page.files.mapping.start.isEnabled()
    choose(page, "consumption", "kWh")
    choose(page, "location", "— none —")
    choose(page, "device", "— none —")
    page.files.mapping.form.device_name.setText("Boiler")
    page.files.mapping.form.device_name.editingFinished.emit()
    assert import_it(page, workplace, qtbot)["Added"] == "4"
    assert scope.db["consumption_data"].distinct("location") == [""]
    assert scope.db["devices"].distinct("name") == ["Boiler"]


def test_a_wide_file_is_previewed_and_imported(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(
        "Zeit;Halle 1 kWh;Halle 2 kWh\n"
        + "".join(f"{day:02}.08.2016 {hour:02}:00;1,5;0,25\n" for day in (13, 14) for hour in range(24))
    )
    open_file(path)
    preview = workplace.imports.mapping.preview
    qtbot.waitUntil(lambda: preview.found is not None, timeout=PATIENCE)
    assert preview.caption == "Electricity, consumption: 84.0 kWh, 2 meters. 96 readings of 2 devices."
    assert page.files.mapping.preview.chart.drawn == ["Halle 1", "Halle 2"]
    assert [preview.table.index(0, column).data() for column in (0, 2)] == ["Halle 1", "1.50 kWh"]
    assert import_it(page, workplace, qtbot)["Added"] == "96"
    assert scope.db["consumption_data"].distinct("consumption") == [0.25, 1.5]

    page.files.summary.another.click()
    open_file(path)
    assert "before" in workplace.imports.mapping.caption


def test_what_is_taken_and_what_is_left_out_is_said_before_and_after(
    page: ImportWindow, open_file: Open, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(
        "Date,Hall (kWh),Feed-in (kWh),Water (m³),Reactive energy (kvarh)\n"
        + "".join(
            f"2024-05-{day:02},{10 + day % 3},{day % 4 + 1},{day % 5 + 2},3.{day % 7}\n"
            for day in range(1, 29)
        ),
        encoding="utf-8",
    )
    open_file(path)
    preview = workplace.imports.mapping.preview
    qtbot.waitUntil(lambda: preview.found is not None, timeout=PATIENCE)
    hall, fed, water = (
        sum(f(day) for day in range(1, 29))
        for f in (lambda day: 10 + day % 3, lambda day: day % 4 + 1, lambda day: day % 5 + 2)
    )
    taken = [
        f"Electricity, consumption: {hall}.0 kWh, one meter.",
        f"Electricity, export: {fed}.0 kWh, one meter.",
        f"Water, consumption: {water}.0 m3, one meter.",
    ]
    assert all(sentence in preview.caption for sentence in taken), preview.caption
    assert "Left out: Reactive energy (kvarh) (" in preview.caption
    import_it(page, workplace, qtbot)
    outcome = workplace.imports.summary.outcome
    assert outcome is not None
    assert all(sentence in outcome.notes for sentence in taken), outcome.notes


def test_what_is_said_of_a_sheet_changes_its_readings_before_any_is_stored(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    readings(8).to_csv(path, index=False)
    open_file(path)
    page.files.mapping.more.click()
    kind = page.files.mapping.settings.choices["kind"]
    kind.setCurrentIndex(kind.findData("demand"))
    kind.activated.emit(kind.currentIndex())
    import_it(page, workplace, qtbot)
    assert scope.db["consumption_data"].distinct("consumption") == [0.625]


def test_the_order_of_day_and_month_is_asked_where_nothing_tells(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "days.csv"
    path.write_text("Date,Meter,kWh\n" + "".join(f"{n:02}/03/2024,Chiller,{n}\n" for n in range(1, 12)))
    open_file(path)
    question = page.files.mapping.question
    assert question.isVisible()
    assert "01/03/2024" in question.words.text()
    assert not page.files.mapping.start.isEnabled()
    question.month.click()
    assert question.isHidden()
    import_it(page, workplace, qtbot)
    assert len({date.month for date in scope.db["consumption_data"].distinct("date")}) == 11


def test_stored_values_are_kept_if_the_user_says_so(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    readings(8).to_csv(path, index=False)
    open_file(path)
    import_it(page, workplace, qtbot)
    readings(8).assign(kWh=9.0).to_csv(path, index=False)
    page.files.summary.another.click()
    open_file(path)
    conflict = page.files.mapping.settings.conflict
    conflict.setCurrentIndex(conflict.findData("keep"))
    conflict.activated.emit(conflict.currentIndex())
    figures = import_it(page, workplace, qtbot)
    assert (figures["Changed"], figures["Kept"]) == ("0", "8")
    assert scope.db["consumption_data"].distinct("consumption") == [2.5]


def test_a_folder_is_imported_with_one_press_but_for_what_needs_an_answer(
    page: ImportWindow, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("north", "south"):
        readings(8).assign(Meter=name).to_excel(folder / f"{name}.xlsx", index=False)
    (folder / "asks.csv").write_text("Date,Meter,kWh\n01/02/2024,Chiller,1\n02/03/2024,Chiller,1\n")
    (folder / "letter.txt").write_text("Dear all\nnothing to see here\n")
    page.files.drop_area.files_dropped.emit([str(folder)])
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)
    assert page.files.queue.isVisible()
    assert workplace.imports.file_name == "asks.csv"
    with qtbot.waitSignal(workplace.imports.imported, timeout=PATIENCE) as imported:
        page.files.mapping.start.click()
    assert [summary.file for summary in imported.args[0]] == ["north.xlsx", "south.xlsx"]
    assert scope.db["devices"].distinct("name") == ["north", "south"]
    states = {file.path.name: file.state for file in workplace.imports.files.records}
    assert states["north.xlsx"] == "Imported: 8 readings added"
    assert states["asks.csv"].endswith("Say which comes first.")
    assert states["letter.txt"].startswith("letter.txt is no table")


def test_an_import_is_undone_from_the_history(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    readings(8).to_csv(path, index=False)
    open_file(path)
    import_it(page, workplace, qtbot)
    qtbot.waitUntil(lambda: workplace.history.table.rowCount() == 1, timeout=PATIENCE)
    page.tabs.setCurrentIndex(1)
    page.history.list.choose(0)
    page.history.undo.click()
    box = page.findChild(QMessageBox)
    assert box.informativeText().startswith("8 readings that it added are deleted")
    with qtbot.waitSignal(workplace.history.undone, timeout=PATIENCE):
        box.findChild(QPushButton, "confirm").click()
    for collection in ("consumption_data", "load_blocks", "devices"):
        assert scope.db[collection].count_documents(scope.owned()) == 0
    qtbot.waitUntil(lambda: workplace.history.table.record(0).state == "undone", timeout=PATIENCE)
    assert not page.history.undo.isEnabled()


def test_refused_rows_are_saved_with_their_own_cells(
    page: ImportWindow, open_file: Open, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    path, saved = tmp_path / "meters.csv", tmp_path / "refused.csv"
    frame = readings(6).astype("object")
    frame.loc[1, "kWh"] = "lots"
    frame.to_csv(path, index=False)
    open_file(path)
    import_it(page, workplace, qtbot)
    with qtbot.waitSignal(workplace.imports.summary.saved, timeout=PATIENCE):
        workplace.imports.summary.save_refused(str(saved))
    assert pd.read_csv(saved)[["Meter", "kWh", "Row"]].to_numpy().tolist() == [["Chiller", "lots", 3]]
    assert page.banner.text == f"Refused rows saved: {saved}"


def test_files_that_appear_in_the_watched_folder_are_imported(
    page: ImportWindow, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    readings(8).to_csv(folder / "meters.csv", index=False)
    workplace.watched.watch(str(folder))

    def looked() -> bool:
        workplace.watched.check()
        return workplace.watched.outcomes.rowCount() == 1

    qtbot.waitUntil(looked, timeout=PATIENCE)
    assert page.watched.folder.text() == str(folder)
    assert scope.db["consumption_data"].count_documents(scope.owned()) == 8
    assert (folder / "done" / "meters.csv").exists()
    page.watched.stop.click()
    qtbot.waitUntil(lambda: workplace.watched.folder is None, timeout=PATIENCE)


def test_what_is_no_spreadsheet_is_refused_in_a_sentence(
    page: ImportWindow, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all\nnothing to see here\n")
    workplace.show("import", [str(path)])
    qtbot.waitUntil(page.banner.isVisible, timeout=PATIENCE)
    assert page.banner.text.startswith("letter.txt is no table")
    assert workplace.imports.stage is Stage.CHOOSE


def days_of(seed: int, path: Path) -> Path:
    """A month of daily readings of a meter that the file names."""
    kwh = np.random.default_rng(seed).integers(100, 200, 28)
    pd.DataFrame({"Date": pd.date_range("2024-01-01", periods=28), "kWh": kwh}).to_csv(path, index=False)
    return path


def asked(page: ImportWindow, workplace: Workplace, qtbot: QtBot) -> ImportMeterQuestion:
    """Press Import and wait for the question."""
    page.files.mapping.start.click()
    question = page.files.mapping.meter_question
    qtbot.waitUntil(lambda: question.isVisible() and not workplace.imports.busy, timeout=PATIENCE)
    assert not page.files.mapping.start.isEnabled()
    assert page.files.mapping.complaint.text() == ""
    return question


def answered(question: ImportMeterQuestion, text: str, workplace: Workplace, qtbot: QtBot) -> dict[str, str]:
    """Press the button that says so; the figures of the summary by their names."""
    [button] = [button for button in question.answers if text in button.accessibleName()]
    assert button.accessibleDescription() == question.words.text()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.SUMMARY, timeout=PATIENCE)
    assert workplace.imports.summary.outcome is not None
    return {label: value for label, value, _meaning in workplace.imports.summary.outcome.figures}


@pytest.mark.parametrize(
    ("answer", "figures", "names"),
    [
        ("same device", {"Already there": "28"}, ["usage"]),
        ("another device", {"Added": "28"}, ["usage", "usage (1)"]),
        ("Do not import", {"Left out": "28"}, ["usage"]),
    ],
)
def test_second_download_is_asked_about(
    page: ImportWindow,
    open_file: Open,
    workplace: Workplace,
    scope: Scope,
    tmp_path: Path,
    qtbot: QtBot,
    answer: str,
    figures: dict[str, str],
    names: list[str],
) -> None:
    open_file(days_of(1, tmp_path / "usage.csv"))
    import_it(page, workplace, qtbot)
    open_file(days_of(1, tmp_path / "usage (1).csv"))
    question = asked(page, workplace, qtbot)
    assert question.words.text() == (
        "The readings of “usage (1)” are stored as those of “usage” already, equal at 28 of 28 times. "
        "Is it the same device?"
    )
    found = answered(question, answer, workplace, qtbot)
    assert figures.items() <= found.items()
    assert sorted(scope.db["devices"].distinct("name")) == names


def test_readings_that_contradict_are_asked_about_anew_once_the_file_is_read_otherwise(
    page: ImportWindow, open_file: Open, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    open_file(days_of(1, tmp_path / "Pump.csv"))
    import_it(page, workplace, qtbot)
    open_file(days_of(2, tmp_path / "Pump.csv"))
    question = asked(page, workplace, qtbot)
    assert question.words.text().startswith("“Pump” has other values stored at ")
    workplace.imports.mapping.set("unit", "Wh")
    assert not question.isVisible()
    workplace.imports.mapping.set("unit", "kWh")
    found = answered(asked(page, workplace, qtbot), "another device", workplace, qtbot)
    assert (found["Added"], found["Changed"]) == ("28", "0")
    assert sorted(scope.db["devices"].distinct("name")) == ["Pump", "Pump (2)"]
