"""Remembered mappings, and refused rows that are mended and dropped again."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from services import accounts
from services.importing import import_file
from services.progress import Cancelled
from services.readings import previews, storage
from services.readings.columns import ColumnMap
from services.readings.mapping import SheetMapping, infer_mapping, layout_fingerprint
from services.readings.parse_result import Readings
from services.readings.parsing import parse_sheet
from services.readings.quality import assess_quality
from services.readings.refused_rows import save_refused
from services.scope import Scope
from services.sheets.sources import Sheet, open_sheets

ZONE = "Europe/Berlin"


def sheet_of(path: Path, text: str) -> Sheet:
    path.write_text(text, encoding="utf-8")
    [sheet] = open_sheets(path)
    return sheet


def recalled(scope: Scope, sheet: Sheet) -> SheetMapping:
    """The mapping of a file that comes again."""
    decided = infer_mapping(sheet, scope.timezone)
    mapping = previews.recall_mapping(scope, layout_fingerprint(sheet, decided), decided)
    assert mapping is not None
    return mapping


def stored(scope: Scope, readings: Readings) -> tuple[int, int, int]:
    done = storage.store(scope, readings, "file", progress=lambda *_: None)
    return done.added, done.already_there, done.changed


def test_plan_is_remembered_for_files_of_the_same_layout(scope: Scope, tmp_path: Path) -> None:
    january = sheet_of(
        tmp_path / "jan.csv", "Date;Who;What\n01/02/2024 00:00;A;1,5\n01/02/2024 01:00;A;2,5\n"
    )
    decided = infer_mapping(january, scope.timezone)
    chosen = replace(
        decided,
        map=ColumnMap(date="Date", device="Who", consumption="What"),
        unit="MWh",
        day_first=False,
        timezone=ZONE,
    )
    previews.remember_mapping(scope, layout_fingerprint(january, decided), chosen)
    february = sheet_of(
        tmp_path / "feb.csv",
        "Second file\n\nDate;Who;What\n02/02/2024 00:00;A;1,5\n02/02/2024 01:00;A;2,5\n",
    )
    again = recalled(scope, february)
    assert (again.unit, again.day_first, again.timezone, again.map) == ("MWh", False, ZONE, chosen.map)
    assert (again.sheet, again.header) == ("feb.csv", 2), "what each file tells itself"
    assert parse_sheet(february, again).frame["consumption"].tolist() == [1500, 2500]
    other = sheet_of(tmp_path / "other.csv", "Date;Whose;What\n02/02/2024 00:00;A;1,5\n")
    assert (
        previews.recall_mapping(scope, layout_fingerprint(other, infer_mapping(other, ZONE)), decided) is None
    )
    previews.forget_mapping(scope, layout_fingerprint(january, decided))
    assert previews.recall_mapping(scope, layout_fingerprint(january, decided), decided) is None


def test_plan_of_a_cancelled_import_is_not_remembered(scope: Scope, tmp_path: Path) -> None:
    path = tmp_path / "jan.csv"
    sheet = sheet_of(path, "Date,Device,kWh\n2024-02-01 00:00,A,1.5\n2024-02-01 01:00,A,2.5\n")
    decided = infer_mapping(sheet, scope.timezone)
    chosen = replace(decided, unit="MWh")

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "Summing days":
            raise Cancelled

    with pytest.raises(Cancelled):
        import_file(scope, path, progress=stop, mappings=[chosen])
    assert previews.recall_mapping(scope, layout_fingerprint(sheet, decided), decided) is None
    import_file(scope, path, mappings=[chosen])
    assert recalled(scope, sheet).unit == "MWh"


def test_plans_of_other_versions_and_users(scope: Scope, tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path / "a.csv", "Date,Meter,kWh\n2024-01-01 00:00,A,1.5\n2024-01-01 01:00,A,1.5\n")
    decided = infer_mapping(sheet, ZONE)
    layout = layout_fingerprint(sheet, decided)
    previews.remember_mapping(scope, layout, replace(decided, unit="Wh"))
    kept = scope.db["mappings"]
    kept.update_one({}, {"$unset": {"plan.stamp": 1}, "$set": {"plan.colour": "red"}})
    assert previews.recall_mapping(scope, layout, decided) == replace(decided, unit="Wh")
    kept.update_one({}, {"$set": {"plan.unit": "furlong"}})
    assert previews.recall_mapping(scope, layout, decided) is None, (
        "a newer version's, which this one cannot follow"
    )
    previews.remember_mapping(scope, layout, decided)
    assert kept.count_documents({}) == 1
    user = accounts.register(scope.db, "Bo", "Berg", "bo@example.com", "correct horse battery")
    assert previews.recall_mapping(accounts.scope_of(scope.db, user.email), layout, decided) is None


LONG = """Ablesung der Zähler;;;
Datum;Zähler;Verbrauch (kWh);Bemerkung
13.01.2024 00:00;A;1,25;=1+1
13.01.2024 01:00;A;kaputt;
13.01.2024 02:00;A;3,25;
gestern;A;4,125;=HYPERLINK("http://example.com")
13.01.2024 04:00;A;5,25;
13.01.2024 05:00;A;5,5;
13.01.2024 06:00;A;5,75;
"""


def mend(path: Path, changes: dict[str, object]) -> Sheet:
    """Correct cells as a spreadsheet program does."""
    workbook = openpyxl.load_workbook(path)
    for cell, value in changes.items():
        workbook.active[cell] = value
    workbook.save(path)
    [sheet] = open_sheets(path)
    return sheet


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_refused_rows_are_mended_and_dropped_again(scope: Scope, tmp_path: Path, suffix: str) -> None:
    sheet = sheet_of(tmp_path / "a.csv", LONG)
    mapping = infer_mapping(sheet, ZONE)
    readings = parse_sheet(sheet, mapping)
    assert [refusal.row for refusal in readings.refused] == [4, 6]
    assert stored(scope, readings) == (5, 0, 0)
    path = tmp_path / f"refused{suffix}"
    save_refused(scope, path, [(sheet, mapping)], readings.refused, assess_quality(readings.frame))
    if suffix == ".csv":
        text = path.read_text("utf-8").replace("kaputt", "2.25").replace("gestern", "13.01.2024 03:00")
        path.write_text(text, encoding="utf-8")
        [mended] = open_sheets(path)
    else:
        table = pd.read_excel(path, dtype="object")
        assert table.columns.tolist() == [*mapping.columns, "Row", "Reason"]
        assert table["Row"].tolist() == [4, 6]
        assert table["Reason"].str.contains("Datum|Verbrauch").all()
        assert all(cell.data_type != "f" for row in openpyxl.load_workbook(path).active for cell in row)
        mended = mend(path, {"C2": 2.25, "A3": "13.01.2024 03:00"})
    again = parse_sheet(mended, recalled(scope, mended))
    assert again.refused == []
    assert again.frame["consumption"].tolist() == [2.25, 4.125]
    assert again.frame["date"].dt.tz_convert(ZONE).dt.hour.tolist() == [1, 3]
    assert again.frame["seconds"].tolist() == [3600, 3600], "the interval that two rows cannot tell"
    assert stored(scope, again) == (2, 0, 0)


def test_file_that_is_still_wrong_gives_the_same_columns(scope: Scope, tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path / "a.csv", LONG)
    mapping = infer_mapping(sheet, ZONE)
    path = tmp_path / "refused.xlsx"
    save_refused(scope, path, [(sheet, mapping)], parse_sheet(sheet, mapping).refused)
    mended = mend(path, {"C3": 2.25})
    mapping = recalled(scope, mended)
    save_refused(scope, tmp_path / "again.xlsx", [(mended, mapping)], parse_sheet(mended, mapping).refused)
    assert pd.read_excel(tmp_path / "again.xlsx").columns.tolist() == pd.read_excel(path).columns.tolist()


def test_meter_that_its_file_names_keeps_its_name(scope: Scope, tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path / "Chiller.csv",
        "Date,kWh\n2024-01-13 00:00,1.5\n2024-01-13 01:00,?\n2024-01-13 02:00,1.25\n",
    )
    mapping = infer_mapping(sheet, ZONE)
    readings = parse_sheet(sheet, mapping)
    path = tmp_path / "refused.xlsx"
    save_refused(scope, path, [(sheet, mapping)], readings.refused, assess_quality(readings.frame))
    mended = mend(path, {"C2": 2.5})
    again = parse_sheet(mended, recalled(scope, mended))
    assert again.frame[["device", "consumption"]].to_numpy().tolist() == [["Chiller", 2.5]]


def test_register_is_mended_within_all_of_its_readings(scope: Scope, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-13 {hour:02}:00,A,{1000 + hour**2}\n" for hour in range(8))
    sheet = sheet_of(tmp_path / "a.csv", "Date,Meter,Meter reading (kWh)\n" + rows.replace("1009", "10o9"))
    mapping = replace(infer_mapping(sheet, ZONE), kind="register")
    readings = parse_sheet(sheet, mapping)
    assert [refusal.row for refusal in readings.refused] == [5]
    stored(scope, readings)
    path = tmp_path / "refused.xlsx"
    save_refused(scope, path, [(sheet, mapping)], readings.refused, assess_quality(readings.frame))
    mended = mend(path, {"C5": 1009})
    again = parse_sheet(mended, recalled(scope, mended))
    assert again.refused == []
    assert again.frame["consumption"].tolist() == [1, 3, 5, 7, 9, 11, 13]
    added, _, changed = stored(scope, again)
    assert (added, changed) == (1, 1), "the two hours that were one"


def test_file_of_meters_in_columns_is_mended(scope: Scope, tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path / "a.csv",
        "Zeit;Haus 1;Haus 2\n13.01.2024 00:00;1,5;2,5\n13.01.2024 01:00;1,25;x\n13.01.2024 02:00;y;2,25\n"
        "13.01.2024 03:00;1,5;2,5\n13.01.2024 04:00;1,5;2,5\n13.01.2024 05:00;1,5;2,5\n",
    )
    mapping = infer_mapping(sheet, ZONE)
    assert mapping.layout == "wide"
    readings = parse_sheet(sheet, mapping)
    stored(scope, readings)
    path = tmp_path / "refused.xlsx"
    save_refused(scope, path, [(sheet, mapping)], readings.refused, assess_quality(readings.frame))
    mended = mend(path, {"C2": 3.5, "B3": 4.5})
    again = parse_sheet(mended, recalled(scope, mended))
    assert (again.refused, stored(scope, again)) == ([], (2, 2, 0))
