"""Imports as units: undone, kept, cut short, counted."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pymongo.database import Database

from services import alerts, devices, readings
from services.database import schema
from services.importing import import_file, undo_import
from services.progress import Cancelled
from services.readings import ImportRefused, list_imports
from services.scope import Document, Scope
from services.settings import Settings
from services.startup import opened

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "consumption_data.xlsx"
KILLS = Path(__file__).parents[1] / "faults" / "kill_imports.py"


def file(path: Path, kwh: float, meters: tuple[str, ...] = ("Lift",), hours: int = 30) -> Path:
    times = pd.date_range("2024-01-01", periods=hours, freq="h")
    parts = [pd.DataFrame({"Date": times, "Device": m, "Energy (kWh)": kwh, "Type": m}) for m in meters]
    pd.concat(parts).to_csv(path, index=False)
    return path


def contents(db: Database[Document]) -> dict[str, list[Document]]:
    """What is left of imports: everything but their history."""
    names = ("consumption_data", "replaced_readings", "devices", "categories", "alerts")
    found = {name: list(db[name].find().sort("_id")) for name in names}
    packed = db["load_blocks"].find({}, {"_id": False, "revision": False})
    return found | {"load_blocks": list(packed.sort([("deviceId", 1), ("month", 1)]))}


def test_undone_import_is_gone_and_what_it_replaced_returns(scope: Scope, tmp_path: Path) -> None:
    import_file(scope, file(tmp_path / "first.csv", 1.5))
    before = contents(scope.db)
    second = import_file(scope, file(tmp_path / "second.csv", 2.5, ("LIFT", "Chiller"), 40))
    assert (second.added, second.changed, second.new_devices) == (50, 30, ["Chiller"])
    assert [(i.file, i.who, i.state, i.added, i.changed) for i in list_imports(scope)] == [
        ("second.csv", "ada@example.com", "done", 50, 30),
        ("first.csv", "ada@example.com", "done", 30, 0),
    ]
    undo_import(scope, second.import_id)
    assert contents(scope.db) == before
    assert readings.is_consistent(scope)
    assert list_imports(scope)[0].state == "undone"
    with pytest.raises(ImportRefused, match="not there any more"):
        undo_import(scope, second.import_id)


def test_import_that_a_later_one_corrected_is_undone_after_that_one(scope: Scope, tmp_path: Path) -> None:
    first = import_file(scope, file(tmp_path / "first.csv", 1.5))
    second = import_file(scope, file(tmp_path / "second.csv", 2.5))
    with pytest.raises(ImportRefused, match=r"second\.csv, imported later, has replaced values of it"):
        undo_import(scope, first.import_id)
    undo_import(scope, second.import_id)
    undo_import(scope, first.import_id)
    assert not any(contents(scope.db).values())


def test_alerts_of_an_undone_import_go(scope: Scope, tmp_path: Path) -> None:
    times = pd.date_range("2024-01-01", periods=24 * 60, freq="h")
    frame = pd.DataFrame({"Date": times, "Device": "Lift", "kWh": 2.0 + times.hour % 7})
    frame.loc[1200:1202, "kWh"] = 90
    frame.iloc[:900].to_csv(tmp_path / "first.csv", index=False)
    frame.iloc[900:].to_csv(tmp_path / "second.csv", index=False)
    import_file(scope, tmp_path / "first.csv")
    second = import_file(scope, tmp_path / "second.csv")
    assert len(second.alerts) == 1
    undo_import(scope, second.import_id)
    assert alerts.list_alerts(scope) == []


def test_new_device_has_the_alerts_that_its_stored_readings_give(scope: Scope, tmp_path: Path) -> None:
    found = import_file(scope, SAMPLE).alerts
    assert len(found) > 0
    alerts.evaluate(scope)
    again = alerts.list_alerts(scope)
    assert {a.id for a in again} == {a.id for a in found}
    assert {(a.device, a.start, a.actual) for a in again} == {(a.device, a.start, a.actual) for a in found}


def test_stored_values_are_kept_when_asked(scope: Scope, tmp_path: Path) -> None:
    import_file(scope, file(tmp_path / "first.csv", 1.5))
    summary = import_file(scope, file(tmp_path / "second.csv", 2.5, hours=31), on_conflict="keep")
    assert (summary.added, summary.changed, summary.kept) == (1, 0, 30)
    assert sorted(readings.interval_data(scope)["consumption"]) == [1.5] * 30 + [2.5]


def test_sheets_of_a_workbook_are_one_import(scope: Scope, tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "both.xlsx") as workbook:
        for meter in ("Lift", "Chiller"):
            pd.read_csv(file(tmp_path / "one.csv", 1.5, (meter,))).to_excel(
                workbook, sheet_name=meter, index=False
            )
    summary = import_file(scope, tmp_path / "both.xlsx")
    assert (summary.read, summary.added) == (60, 60)
    assert [record.added for record in list_imports(scope)] == [60]
    undo_import(scope, summary.import_id)
    assert devices.list_devices(scope) == []


def test_interval_lengths_and_places_are_stored(scope: Scope, tmp_path: Path) -> None:
    times = pd.date_range("2024-01-01", periods=96, freq="15min")
    frame = pd.DataFrame({"Date": times, "Device": "Lift", "kWh": 0.25, "Site": ["North", "South"] * 48})
    frame.to_csv(tmp_path / "two sites.csv", index=False)
    import_file(scope, tmp_path / "two sites.csv")
    assert scope.db["consumption_data"].distinct("interval") == [900]
    assert readings.locations(scope) == ["North", "South"]
    for place in ("North", "South"):
        days = readings.daily_consumption(scope, locations=[place])
        assert (days["consumption"].sum(), days["covered"].tolist()) == (12.0, [0.5])
    assert readings.daily_consumption(scope)["covered"].tolist() == [1]
    assert readings.is_consistent(scope)


DIE_BEFORE_ALERTS = """
import os, sys
from pathlib import Path
from services import accounts
from services.importing import import_file
from services.settings import Settings
from services.startup import opened

def progress(stage, done, total):
    if stage == "Looking for alerts":
        os._exit(9)

with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1], mongodb_name=sys.argv[2])) as db:
    import_file(accounts.scope_of(db, "ada@example.com"), Path(sys.argv[3]), progress=progress)
"""


def test_alerts_that_a_dead_program_owes_are_found_at_the_next_start(
    scope: Scope, settings: Settings
) -> None:
    arguments = [settings.data_dir, scope.db.name, SAMPLE]
    died = subprocess.run([sys.executable, "-c", DIE_BEFORE_ALERTS, *arguments], check=False)
    assert died.returncode == 9
    assert [record.added for record in list_imports(scope)] == [30522]
    assert alerts.list_alerts(scope) == []
    with opened(settings):
        assert len(alerts.list_alerts(scope)) > 0


UNDO = """
import os, sys
from services import accounts
from services.importing import undo_import
from services.settings import Settings
from services.startup import opened

def progress(stage, done, total):
    if done:
        os._exit(9)

with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1], mongodb_name=sys.argv[2])) as db:
    undo_import(accounts.scope_of(db, "ada@example.com"), sys.argv[3], progress)
"""


def test_undoing_whose_program_died_is_finished_at_the_next_start(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    import_file(scope, file(tmp_path / "first.csv", 1.5))
    before = contents(scope.db)
    second = import_file(scope, file(tmp_path / "second.csv", 2.5, ("Lift", "Chiller")))
    arguments = [settings.data_dir, scope.db.name, second.import_id]
    assert subprocess.run([sys.executable, "-c", UNDO, *arguments], check=False).returncode == 9
    assert contents(scope.db) != before
    with opened(settings):
        assert contents(scope.db) == before


def test_no_kill_of_program_or_server_loses_doubles_or_halves_an_import(server_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, KILLS, "--kills", "4", "--first", "2"],
        env={**os.environ, "TMPDIR": str(server_dir)},  # in memory, like all that tests write much of
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost, 0 doubled, 0 partial, 0 sums off, 0 unindexed" in done.stdout


LONG = 60_000
"""Hours: a first import of so many readings is indexed afterwards."""


def test_cancelled_first_import_leaves_an_empty_indexed_database(scope: Scope, tmp_path: Path) -> None:
    def cancel(stage: str, done: int, total: int) -> None:
        if stage == "Storing readings" and done > LONG / 2:
            raise Cancelled

    before = contents(scope.db)
    with pytest.raises(Cancelled):
        import_file(scope, file(tmp_path / "first.csv", 1.5, hours=LONG), progress=cancel)
    assert contents(scope.db) == before
    assert schema.missing_indexes(scope.db) == []


DIE_IN_BETWEEN = """
import os, sys
from pathlib import Path
from pymongo.collection import Collection
from services import accounts
from services.importing import import_file
from services.settings import Settings
from services.startup import opened

renamed = Collection.rename

def rename(self, new_name, **options):
    if new_name == "consumption_data":
        os._exit(9)
    renamed(self, new_name, **options)

Collection.rename = rename
with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1], mongodb_name=sys.argv[2])) as db:
    import_file(accounts.scope_of(db, "ada@example.com"), Path(sys.argv[3]))
"""


def test_first_import_that_dies_before_it_is_in_place_is_gone(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    before = contents(scope.db)
    first = file(tmp_path / "first.csv", 1.5, hours=LONG)
    arguments = [settings.data_dir, scope.db.name, first]
    assert subprocess.run([sys.executable, "-c", DIE_IN_BETWEEN, *arguments], check=False).returncode == 9
    with opened(settings):
        assert contents(scope.db) == before
        assert schema.missing_indexes(scope.db) == []
        assert not [name for name in scope.db.list_collection_names() if name.startswith(schema.INCOMING)]


def test_readings_that_two_first_imports_store_at_once_are_stored_once(scope: Scope, tmp_path: Path) -> None:
    first, other = file(tmp_path / "first.csv", 1.5, hours=LONG), tmp_path / "other.csv"
    pd.read_csv(first).tail(10_000).to_csv(other, index=False)

    def race(stage: str, done: int, total: int) -> None:
        if stage == "Storing readings" and done > LONG / 2 and not list_imports(scope)[1:]:
            import_file(scope, other)

    summary = import_file(scope, first, progress=race)
    assert summary.already_there == list_imports(scope)[0].added > 9_000
    stored = scope.db["consumption_data"].count_documents({})
    assert stored == summary.added + summary.already_there == LONG - summary.combined
    assert schema.missing_indexes(scope.db) == []
    assert readings.is_consistent(scope)


def test_daily_file_does_not_overwrite_hourly_readings(scope: Scope, tmp_path: Path) -> None:
    hourly = file(tmp_path / "hourly.csv", 1.5, hours=96)
    import_file(scope, hourly)
    before = contents(scope.db)
    daily = tmp_path / "daily.csv"
    days = pd.date_range("2024-01-01", periods=4, freq="D")
    pd.DataFrame({"Date": days, "Device": "Lift", "Energy (kWh)": 36.0}).to_csv(daily, index=False)
    with pytest.raises(readings.OverlapRefused, match="Lift has readings of 60 minutes"):
        import_file(scope, daily)
    assert contents(scope.db) == before
