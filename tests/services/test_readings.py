"""From files to readings and back out, through the import."""

import subprocess
import sys
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pymongo.database import Database

from services import accounts, devices, readings
from services.importing import ImportSummary, import_file, preview
from services.progress import Cancelled
from services.readings import ColumnMap
from services.readings.refused_rows import save_refused
from services.scope import Document, Scope
from services.settings import Settings
from services.startup import opened

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "consumption_data.xlsx"


def hourly(
    device: str = "Chiller", start: str = "2024-01-01", hours: int = 48, kwh: float = 1.5
) -> pd.DataFrame:
    return pd.DataFrame(
        {"Date": pd.date_range(start, periods=hours, freq="h"), "Device": device, "Consumption (kWh)": kwh}
    )


def written(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_excel(path, index=False)
    return path


def counts(summary: ImportSummary) -> tuple[int, int, int, int, int]:
    return summary.read, summary.added, summary.already_there, summary.changed, len(summary.refused)


def test_real_file_is_imported_once_whatever_often_it_is_dropped(scope: Scope) -> None:
    summary = import_file(scope, SAMPLE)
    # A clock without summer time writes the hour that spring leaves out: its energy joins the next.
    assert (summary.read, summary.added, summary.combined, summary.refused) == (30528, 30522, 6, [])
    assert len(summary.new_devices) == 6
    assert summary.new_categories == ["Residential"]
    again = import_file(scope, SAMPLE)
    assert (again.added, again.already_there, again.changed, again.alerts) == (0, 30522, 0, [])
    sheet = pd.read_excel(SAMPLE)
    days = readings.daily_consumption(scope)
    assert days["consumption"].sum() == pytest.approx(sheet["Consumption (kWh)"].sum(), abs=1e-6)
    assert readings.span(scope) == (date(2017, 1, 1), date(2017, 7, 31))
    assert readings.locations(scope) == ["Fontana, CA"]
    assert readings.is_consistent(scope)


def test_corrected_value_replaces_and_its_day_is_summed_anew(scope: Scope, tmp_path: Path) -> None:
    frame = hourly()
    import_file(scope, written(frame, tmp_path / "a.xlsx"))
    frame.loc[5, "Consumption (kWh)"] = 9
    summary = import_file(scope, written(frame, tmp_path / "b.xlsx"))
    assert counts(summary) == (48, 0, 47, 1, 0)
    assert readings.daily_consumption(scope)["consumption"].tolist() == [23 * 1.5 + 9, 24 * 1.5]
    assert readings.daily_consumption(scope)["peak"].tolist() == [9, 1.5]


def test_refused_rows_are_named_and_the_others_kept(scope: Scope, tmp_path: Path) -> None:
    frame = hourly(hours=6).astype("object")
    frame.loc[1, "Consumption (kWh)"] = "offline"
    frame.loc[2, "Date"] = "soon"
    frame.loc[3, "Device"] = None
    frame.loc[4, "Consumption (kWh)"] = None
    frame.loc[6] = [frame.loc[0, "Date"], "Chiller", 2.0]
    frame.loc[7] = list(frame.loc[5])
    summary = import_file(scope, written(frame, tmp_path / "dirty.xlsx"))
    assert counts(summary) == (8, 2, 1, 0, 5)
    assert [(r.row, r.column, r.value, r.reason) for r in summary.refused] == [
        (3, "Consumption (kWh)", "offline", "This is no number of kWh."),
        (4, "Date", "soon", "This is no date."),
        (5, "Device", "", "The device is missing."),
        (6, "Consumption (kWh)", "", "The consumption is missing."),
        (8, "Consumption (kWh)", "2", "Row 2 has another value for this device and time."),
    ]


def test_refused_rows_of_several_sheets_are_saved_by_sheet_and_mended(scope: Scope, tmp_path: Path) -> None:
    january, again = hourly(hours=6).astype("object"), hourly(hours=8).astype("object")
    january.loc[1, "Consumption (kWh)"] = "offline"
    again.loc[2, "Consumption (kWh)"] = 9.0
    path = tmp_path / "two.xlsx"
    with pd.ExcelWriter(path) as workbook:
        january.to_excel(workbook, sheet_name="January", index=False)
        again.to_excel(workbook, sheet_name="Again", index=False)
    summary = import_file(scope, path)
    assert counts(summary) == (14, 8, 4, 0, 2)
    assert [(r.sheet, r.row, r.value, r.reason) for r in summary.refused] == [
        ("January", 3, "offline", "This is no number of kWh."),
        ("Again", 4, "9", "Sheet “January”, row 4 has another value for this device and time."),
    ]
    sheets = [(found.sheet, found.mapping) for found in preview(scope, path)]
    saved = tmp_path / "mended.xlsx"
    save_refused(scope, saved, sheets, summary.refused, summary.quality)
    mended = pd.read_excel(saved, sheet_name=None)
    assert {name: frame["Row"].tolist() for name, frame in mended.items()} == {"January": [3], "Again": [4]}
    mended["January"]["Consumption (kWh)"] = 1.5
    with pd.ExcelWriter(saved) as workbook:
        for name, frame in mended.items():
            frame.to_excel(workbook, sheet_name=name, index=False)
    assert counts(import_file(scope, saved)) == (2, 0, 1, 1, 0)


def test_summer_time_keeps_every_hour(scope: Scope, tmp_path: Path) -> None:
    wall = pd.date_range("2023-11-05", "2023-11-06", freq="h", tz="America/Los_Angeles", inclusive="left")
    frame = pd.DataFrame({"time": wall.tz_localize(None), "meter": "M", "kWh": range(25)})
    import_file(scope, written(frame, tmp_path / "autumn.csv"))
    stored = readings.interval_data(scope)
    assert stored["date"].tolist() == list(wall)
    assert readings.daily_consumption(scope)["covered"].tolist() == [1]  # of 25 hours


def test_file_of_another_machine_is_understood(scope: Scope, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Meter export;;\n\nZeitstempel;Gerät;Verbrauch (Wh)\n"
        "31.01.2024 23:00;Kühlung;1.250,5\n01.02.2024 00:00;Kühlung;900,0\n",
        encoding="cp1252",
    )
    [found] = preview(scope, path)
    assert found.mapping.columns == ("Zeitstempel", "Gerät", "Verbrauch (Wh)")
    columns = ColumnMap(date="Zeitstempel", device="Gerät", consumption="Verbrauch (Wh)")
    assert import_file(scope, path, columns, timezone="Europe/Berlin").added == 2
    stored = readings.interval_data(accounts.scope_of(scope.db, "ada@example.com"))
    assert stored["consumption"].tolist() == [1.2505, 0.9]
    assert stored["date"][0] == datetime(2024, 1, 31, 23, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("moment", ["Reading the file", "Storing readings", "Summing days"])
def test_cancelled_import_leaves_nothing(scope: Scope, tmp_path: Path, moment: str) -> None:
    frame = pd.concat([hourly(f"Meter {n}", hours=1000) for n in range(12)])
    import_file(scope, written(frame.iloc[:500], tmp_path / "first.csv"))
    before = everything(scope.db)
    frame.loc[frame["Device"] == "Meter 0", "Consumption (kWh)"] = 3.0

    def stop(stage: str, done: int, total: int) -> None:
        if stage == moment and (done > 0 or total == 1):
            raise Cancelled

    with pytest.raises(Cancelled):
        import_file(scope, written(frame, tmp_path / "second.csv"), progress=stop)
    assert everything(scope.db) == before


DIE = """
import os, sys
from pathlib import Path
from services import accounts
from services.importing import import_file
from services.settings import Settings
from services.startup import opened

def progress(stage, done, total):
    if stage == sys.argv[4] and (done > 0 or total == 1):
        os._exit(9)

with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1], mongodb_name=sys.argv[2])) as db:
    import_file(accounts.scope_of(db, "ada@example.com"), Path(sys.argv[3]), progress=progress)
"""


@pytest.mark.parametrize("moment", ["Storing readings", "Summing days"])
def test_import_whose_program_died_is_gone_at_the_next_start(
    scope: Scope, settings: Settings, tmp_path: Path, moment: str
) -> None:
    import_file(scope, written(hourly(), tmp_path / "first.csv"))
    before = everything(scope.db)
    frame = pd.concat([hourly(kwh=2.5), *(hourly(f"Lift {n}", hours=1000) for n in range(12))])
    second = written(frame, tmp_path / "second.csv")
    arguments = [settings.data_dir, scope.db.name, second, moment]
    assert subprocess.run([sys.executable, "-c", DIE, *arguments], check=False).returncode == 9
    assert everything(scope.db) != before
    with opened(settings):
        assert everything(scope.db) == before


def everything(db: Database[Document]) -> dict[str, list[Document]]:
    """All documents of all collections; packed readings without what is new whenever they are packed, and
    without the turns, which end by themselves.
    """
    passing = ("revisions", "turns")
    names = [name for name in sorted(db.list_collection_names()) if name not in passing]
    found = {name: list(db[name].find().sort("_id")) for name in names}
    packed = db["load_blocks"].find({}, {"_id": False, "revision": False})
    return found | {"load_blocks": list(packed.sort([("deviceId", 1), ("month", 1)]))}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty.csv is empty."),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "photo.xlsx is no spreadsheet"),
        ("broken.xlsx", b"PK\x03\x04" + b"x" * 99, "broken.xlsx is damaged"),
        ("note.txt", b"Dear colleague", "no columns"),
        ("sums.csv", b"device,consumption\nA,1\nB,2\n", "has no column of dates"),
        ("words.csv", b"date,device,consumption\nx,A,1\ny,B,2\n", "has no dates in column"),
    ],
)
def test_file_that_is_none_gets_a_sentence_and_leaves_nothing(
    scope: Scope, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((readings.FileRefused, readings.MappingRefused), match=sentence):
        import_file(scope, path)
    assert not devices.list_devices(scope)
    assert scope.db["imports"].count_documents({}) == 0


def test_missing_file_is_told(scope: Scope, tmp_path: Path) -> None:
    with pytest.raises(readings.FileRefused, match=r"gone\.csv cannot be opened"):
        import_file(scope, tmp_path / "gone.csv")


def test_users_do_not_see_each_other(scope: Scope, tmp_path: Path) -> None:
    import_file(scope, written(hourly(), tmp_path / "a.csv"))
    accounts.register(scope.db, "Eve", "Ong", "eve@example.com", "correct horse battery")
    eve = accounts.scope_of(scope.db, "eve@example.com")
    [device] = devices.list_devices(scope)
    assert devices.list_devices(eve) == []
    assert readings.interval_data(eve, device_ids=[device.id]).empty
    assert readings.daily_consumption(eve, device_ids=[device.id]).empty
    with pytest.raises(devices.DeviceRefused, match="not there any more"):
        devices.edit_device(eve, device.id, "Mine")
    devices.delete_devices(eve, [device.id])
    assert len(readings.interval_data(scope, datetime(2024, 1, 1, tzinfo=UTC))) > 0


ALIKE = [
    ("Chiller 1", "Chiller\u00a01"),
    ("Kühlung", unicodedata.normalize("NFD", "Kühlung")),
    ("Heat m2", "Heat m²"),
    ("Lift", "Li\u200bft"),
]


def meter(name: str, first: int, month: int = 1) -> str:
    days = "".join(f"2024-{month:02}-{day:02},{name},{first + day % 5}\n" for day in range(1, 15))
    return f"Date,Meter,kWh\n{days}"


def below(text: str) -> str:
    return text.split("\n", 1)[1]


@pytest.mark.parametrize(("one", "other"), ALIKE)
@pytest.mark.parametrize("files", [1, 2])
def test_spellings_of_a_name_are_one_device(
    scope: Scope, tmp_path: Path, one: str, other: str, files: int
) -> None:
    january, february = meter(one, 100), meter(other, 300, month=2)
    parts = [january + below(february)] if files == 1 else [january, february]
    for number, part in enumerate(parts):
        (tmp_path / f"{number}.csv").write_text(part, encoding="utf-8")
        import_file(scope, tmp_path / f"{number}.csv")
    assert [device.name for device in devices.list_devices(scope)] == [one]
    assert len(readings.interval_data(scope)) == 28
    assert readings.is_consistent(scope)


def test_spellings_that_contradict_each_other_are_told_by_row(scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(meter("Pump", 100) + below(meter("pump", 300)))
    summary = import_file(scope, tmp_path / "long.csv")
    assert counts(summary) == (28, 14, 0, 0, 14)
    assert summary.refused[0].reason == (
        "Row 2 has another value for “Pump”, which is the same device, at this time."
    )
    days = "".join(f"2024-03-{day:02},{day},{day + 100}\n" for day in range(1, 15))
    (tmp_path / "wide.csv").write_text(f"Date,Fan,FAN\n{days}")
    summary = import_file(scope, tmp_path / "wide.csv")
    assert counts(summary) == (28, 14, 0, 0, 14)
    assert (summary.refused[0].column, summary.refused[0].value) == ("FAN", "101")
    assert [device.name for device in devices.list_devices(scope)] == ["Fan", "Pump"]


def test_sheets_registers_and_places_are_spelled_as_at_first(scope: Scope, tmp_path: Path) -> None:
    hours = pd.date_range("2024-01-01", periods=24, freq="h")
    names = ["Kühlung"] * 12 + [unicodedata.normalize("NFD", "Kühlung")] * 12
    places = ["Hall\u00a01"] * 20 + ["HALL 1"] * 4
    register = pd.DataFrame(
        {"Date": hours, "Meter": names, "Meter reading (kWh)": range(5000, 5024), "Location": places}
    )
    assert import_file(scope, written(register, tmp_path / "register.csv")).added == 23
    later = register.assign(Date=hours + pd.Timedelta(days=40), Location="hall 1")
    with pd.ExcelWriter(tmp_path / "two.xlsx") as workbook:
        later.iloc[:12].to_excel(workbook, sheet_name="a", index=False)
        later.iloc[11:].to_excel(workbook, sheet_name="b", index=False)
    import_file(scope, tmp_path / "two.xlsx")
    assert [device.name for device in devices.list_devices(scope)] == ["Kühlung"]
    assert readings.locations(scope) == ["Hall\u00a01"]


def test_device_whose_name_is_not_seen_is_missing(scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(meter("Pump", 1) + below(meter("\u200b", 2)), encoding="utf-8")
    summary = import_file(scope, tmp_path / "a.csv")
    assert {refusal.reason for refusal in summary.refused} == {"The device is missing."}
    assert len(summary.refused) == 14
