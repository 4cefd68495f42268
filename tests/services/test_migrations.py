"""A database of an earlier Loadlens, opened by this one."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bson import ObjectId
from pymongo.collation import Collation

from services import dashboard, database, devices, readings
from services.database import DatabaseUnavailable, opened, prepare, schema
from services.database.backup.archive import open_archive
from services.importing import import_file, undo_import
from services.readings import ImportRefused
from services.scope import Document, Scope
from services.secret_store import DataFolderRefused
from services.settings import Settings


@pytest.fixture
def own(settings: Settings, server_address: str, tmp_path: Path) -> Settings:
    """The same database, with a folder for its backups that no other test knows."""
    uri = f"mongodb://loadlens:{settings.private_database_password}@{server_address}/?authSource=admin"
    return Settings(
        _env_file=None,
        loadlens_data_dir=tmp_path / "data",
        mongodb_uri=uri,
        mongodb_name=settings.mongodb_name,
    )


@pytest.fixture
def metered(scope: Scope, tmp_path: Path) -> Scope:
    dates = pd.date_range("2024-01-01", periods=2000, freq="h")
    frames = [
        pd.DataFrame({"Date": dates, "Device": name, "Energy (kWh)": 1.5}) for name in ("Lift", "Crane")
    ]
    pd.concat(frames).to_csv(tmp_path / "meters.csv", index=False)
    import_file(scope, tmp_path / "meters.csv")
    return scope


def as_version_5(db: Any) -> None:
    """Everything is electricity that is consumed, and lengths are seconds."""
    measured = ("utility", "direction", "unit", "parentId", "countsInTotal")
    db["devices"].update_many({}, {"$unset": dict.fromkeys(measured, "")})
    db["consumption_data"].update_many({}, {"$rename": {"interval": "seconds"}})
    db["settings"].replace_one({"_id": "schema"}, {"version": 5})


def as_version_4(db: Any) -> None:
    """Names whose uniqueness is the collation's."""
    as_version_5(db)
    alike = Collation(locale="en", strength=2)
    for name, fields in {"users": ["email"], "sign_in_failures": ["email"]}.items():
        db[name].drop_indexes()
        db[name].create_index(fields, unique=True, collation=alike)
    for name in ("categories", "devices", "views"):
        db[name].drop_indexes()
        db[name].create_index(["userId", "name"], unique=True, collation=alike)
    for name in ("users", "categories", "devices", "views"):
        db[name].update_many({}, {"$unset": {"nameKey": "", "emailKey": ""}})
    db["settings"].replace_one({"_id": "schema"}, {"version": 4})


def as_version_3(db: Any) -> None:
    """Without the collections and indexes that came later."""
    as_version_4(db)
    for name in ("sessions", "sign_in_failures", "audit_log", "turns", "backup_schedules"):
        db[name].drop()
    db["load_blocks"].drop_index("deviceId_1_end_1_readings_1")
    db["settings"].replace_one({"_id": "schema"}, {"version": 3})


def as_version_2(db: Any) -> None:
    """Sums by day in the place of packed months, and alerts that no rule raises."""
    as_version_3(db)
    for name in ("load_blocks", "revisions", "alert_rules", "outbox", "facilities", "report_schedules"):
        db[name].drop()
    user = db["users"].find_one()["_id"]
    db["daily_consumption"].insert_one({"userId": user, "consumption": 36.0})
    db["alerts"].drop_indexes()
    db["alerts"].create_index([("userId", 1), ("deviceId", 1), ("type", 1), ("start", 1)], unique=True)
    db["alerts"].update_many({}, {"$unset": {"tellAt": "", "ruleId": "", "mailDue": ""}})
    db["settings"].replace_one({"_id": "schema"}, {"version": 2})


def as_version_1(db: Any) -> None:
    """Imports that forgot what they replaced."""
    as_version_2(db)
    for name in ("replaced_readings", "mappings", "watched_folders", "views"):
        db[name].drop()
    db["settings"].replace_one({"_id": "schema"}, {"version": 1})


EARLIER = {1: as_version_1, 2: as_version_2, 3: as_version_3, 4: as_version_4, 5: as_version_5}


def told(scope: Scope) -> Document:
    return dashboard.as_json(dashboard.stats(scope, dashboard.Filter()))


@pytest.mark.parametrize("version", EARLIER)
def test_earlier_database_is_backed_up_and_tells_the_same_figures(
    metered: Scope, own: Settings, version: int
) -> None:
    db, before = metered.db, told(metered)
    EARLIER[version](db)
    prepare.prepare(db, own)
    assert schema.is_current(db)
    assert told(metered) == before
    assert readings.is_consistent(metered)
    assert database.missing_indexes(db) == []
    assert "daily_consumption" not in db.list_collection_names()
    if version == 1:
        with pytest.raises(ImportRefused, match="earlier Loadlens"):
            undo_import(metered, readings.list_imports(metered)[0].id)

    [path] = own.backups_dir.iterdir()
    assert f"before version {schema.VERSION}" in path.name
    with open_archive(path, own.signing_key) as archive:
        assert archive.made_here
        assert archive.manifest.version == version
    # And it can be gone back to: restored, it is brought to this version anew.
    db["consumption_data"].delete_many({})
    database.restore(db, path, key=own.signing_key)
    assert told(metered) == before
    assert readings.is_consistent(metered)
    assert schema.is_current(db)


def test_migration_that_died_anywhere_is_finished_at_the_next_start(
    metered: Scope, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, before = metered.db, told(metered)
    as_version_1(db)

    def dying(step: Callable[[Any], None], *, first: bool) -> Callable[[Any], None]:
        def die(db: Any) -> None:
            if not first:
                step(db)
            raise SystemExit

        return die

    for version, step in list(schema.STEPS.items()):
        for first in (True, False):
            monkeypatch.setitem(schema.STEPS, version, dying(step, first=first))
            with pytest.raises(SystemExit):
                prepare.prepare(db, own)
            monkeypatch.undo()
            assert schema.version_of(db) == version - 1
    prepare.prepare(db, own)
    assert schema.is_current(db)
    assert told(metered) == before
    assert len(list(own.backups_dir.iterdir())) == 1, "of the database as it was before the first try"


def test_names_that_an_earlier_version_kept_apart_stay_usable(
    metered: Scope, own: Settings, tmp_path: Path
) -> None:
    db = metered.db
    as_version_4(db)
    lift = db["devices"].find_one({"name": "Lift"}) or {}
    db["devices"].insert_many([{**lift, "_id": ObjectId(), "name": name} for name in ("ist 1", "İst  1")])
    prepare.prepare(db, own)
    assert {d["name"]: d["nameKey"] for d in db["devices"].find()} == {
        **{"Crane": "crane", "Lift": "lift", "ist 1": "ist 1", "İst  1": "ist 1\n2"}
    }
    for name, kwh in (("ist 1", 1), ("İst  1", 2), ("IST 1", 1)):
        text = "".join(f"2024-05-{day:02},{name},{kwh}\n" for day in range(1, 9))
        (tmp_path / "a.csv").write_text(f"date,device,kWh\n{text}", encoding="utf-8")
        import_file(metered, tmp_path / "a.csv")
    kwh = (
        readings.daily_consumption(metered)
        .query("date >= '2024-05-01'")
        .groupby("device")["consumption"]
        .sum()
    )
    assert kwh.to_dict() == {"ist 1": 8, "İst  1": 16}
    second = next(d for d in devices.list_devices(metered) if d.name == "İst  1")
    devices.edit_devices(metered, [replace(second, rated_power=100.0)])
    assert len(schema.name_clashes(db)) == 1
    devices.edit_devices(metered, [replace(second, name="İst 2")])
    assert schema.name_clashes(db) == []
    schema.assign_name_keys(db)
    assert db["devices"].find_one({"name": "İst 2"}, {"_id": 0, "nameKey": 1}) == {"nameKey": "ist 2"}


OPEN = """
import sys
from services.database import opened, schema
from services.settings import Settings

migrate = schema.migrate

def counted(db):
    print("migrated", flush=True)
    migrate(db)

schema.migrate = counted
uri, name, folder = sys.argv[1:]
with opened(Settings(_env_file=None, loadlens_data_dir=folder, mongodb_uri=uri, mongodb_name=name)) as db:
    assert schema.is_current(db)
"""


def test_of_programs_that_start_together_one_migrates(metered: Scope, own: Settings, tmp_path: Path) -> None:
    as_version_2(metered.db)
    assert own.mongodb_uri is not None
    arguments = [own.mongodb_uri.get_secret_value(), own.mongodb_name]
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, *arguments, tmp_path / str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    said = [program.communicate(timeout=120)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert "".join(said) == "migrated\n"
    assert readings.is_consistent(metered)


def test_index_that_a_version_has_gained_is_made_at_the_next_start(scope: Scope, settings: Settings) -> None:
    scope.db["views"].drop_indexes()
    scope.db["settings"].update_one({"_id": "schema"}, {"$set": {"indexes": "of another day"}})
    with opened(settings):
        assert database.missing_indexes(scope.db) == []


def test_nothing_is_changed_when_the_backup_before_cannot_be_written(metered: Scope, own: Settings) -> None:
    as_version_2(metered.db)
    own.data_dir.mkdir()
    own.backups_dir.write_text("in the way")
    with pytest.raises(DataFolderRefused, match="backups"):
        prepare.prepare(metered.db, own)
    assert schema.version_of(metered.db) == 2
    assert "daily_consumption" in metered.db.list_collection_names()


def test_database_of_a_newer_loadlens_is_left_alone(scope: Scope, settings: Settings) -> None:
    scope.db["settings"].update_one({"_id": "schema"}, {"$set": {"version": 99}})
    with pytest.raises(DatabaseUnavailable, match="newer Loadlens"), opened(settings):
        pass
    scope.db["settings"].update_one({"_id": "schema"}, {"$set": {"version": schema.VERSION}})
