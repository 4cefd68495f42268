"""The whole database into a file and back."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import bson
import pandas as pd
import pytest
from bson import ObjectId

from services import accounts, database, devices, importing, readings
from services.database import BackupRefused, locks, opened, prepare
from services.database.backup import archive
from services.database.backup import writing as backup
from services.database.backup.restore import STAGE as RESTORING
from services.database.backup.restore import STAGED
from services.progress import Cancelled
from services.scope import Document, Scope
from services.settings import Settings

OWN = archive.OF_THE_DATABASE | archive.GROWING
"""What stays through a restore."""
KEY = b"this installation's"
AT_WORK = cast(locks.Lock, object())
"""Said by a test that wants no turn to be waited for."""


def everything(scope: Scope) -> dict[str, list[Document]]:
    there = set(scope.db.list_collection_names()) - OWN
    return {name: list(scope.db[name].find().sort("_id")) for name in there}


def meters(path: Path, kwh: float = 1.5, name: str = "Lift", hours: int = 400) -> Path:
    dates = pd.date_range("2024-01-01", periods=hours, freq="h")
    pd.DataFrame({"Date": dates, "Device": name, "Energy (kWh)": kwh}).to_csv(path, index=False)
    return path


@pytest.fixture
def elsewhere(scope: Scope) -> Iterator[Scope]:
    """Another, empty database for the same account."""
    other = scope.db.client[f"{scope.db.name}_other"]
    yield replace(scope, db=other)
    other.client.drop_database(other.name)


def restored(scope: Scope, path: Path, elsewhere: Scope) -> None:
    """Restore the backup elsewhere, and look whether it is whole."""
    database.restore(elsewhere.db, path)
    importing.recover(elsewhere.db)
    assert readings.is_consistent(elsewhere)
    noted = {found.id: found.state for found in readings.list_imports(elsewhere)}
    assert set(noted.values()) <= {"done", "undone"}
    known = {str(import_id) for import_id in elsewhere.db["consumption_data"].distinct("importId")}
    assert known <= noted.keys()
    known_devices = {ObjectId(device.id) for device in devices.list_devices(elsewhere)}
    assert set(elsewhere.db["consumption_data"].distinct("deviceId")) <= known_devices


def test_backup_brings_back_all_that_was_there_and_nothing_else(scope: Scope, tmp_path: Path) -> None:
    devices.add_device(scope, "Chiller", None, 12_000)
    scope.db["settings"].insert_one({"_id": "of this database"})
    scope.db["somebody else's"].insert_one({})
    before = everything(scope)
    database.back_up(scope.db, tmp_path / "a.backup")
    devices.add_device(scope, "Lift")
    scope.db["views"].insert_one(scope.owned({"name": "later"}))
    assert database.restore(scope.db, tmp_path / "a.backup")["devices"] == 1
    assert everything(scope) == before
    assert scope.db["settings"].find_one({"_id": "of this database"})
    assert database.missing_indexes(scope.db) == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]


def test_every_collection_has_its_place_in_backup_and_restore() -> None:
    """A collection that nobody thought of would be missing after a restore."""
    services = Path(database.__file__).parents[1]
    named = {
        name
        for source in services.rglob("*.py")
        for found in re.findall(r"""(?:\bdb|database)\["(\w+)"\]|COLLECTION = "(\w+)\"""", source.read_text())
        for name in found
        if name
    }
    known = archive.STORED | archive.OF_THE_DATABASE | archive.OF_THE_MOMENT | archive.FORMER
    assert named > {"users", "turns", "load_blocks"}
    assert named - known == set()


def test_sessions_end_and_the_audit_log_grows_with_a_restore(scope: Scope, tmp_path: Path) -> None:
    scope.db["sessions"].insert_one(scope.owned({"token": "secret"}))
    scope.db["audit_log"].insert_one({"_id": ObjectId(), "action": "before"})
    database.back_up(scope.db, tmp_path / "a.backup")
    with zipfile.ZipFile(tmp_path / "a.backup") as archive:
        assert not {"sessions.bson", "sign_in_failures.bson", "settings.bson"} & set(archive.namelist())
    scope.db["audit_log"].delete_many({})
    scope.db["audit_log"].insert_one({"_id": ObjectId(), "action": "after"})
    database.restore(scope.db, tmp_path / "a.backup")
    assert scope.db["sessions"].count_documents({}) == 0
    assert {"after", "before"} <= set(scope.db["audit_log"].distinct("action"))


def test_mail_that_was_sent_since_the_backup_is_not_sent_again(scope: Scope, tmp_path: Path) -> None:
    mails = [{"_id": ObjectId(), "about": [ObjectId()], "state": "waiting"} for _ in range(2)]
    scope.db["outbox"].insert_many(mails)
    database.back_up(scope.db, tmp_path / "a.backup")
    scope.db["outbox"].update_one({"_id": mails[0]["_id"]}, {"$set": {"state": "sent"}})
    database.restore(scope.db, tmp_path / "a.backup")
    assert {m["_id"]: m["state"] for m in scope.db["outbox"].find()} == {
        mails[0]["_id"]: "sent",
        mails[1]["_id"]: "waiting",
    }


def import_and_change(scope: Scope, folder: Path, number: int, backed_up: Callable[[], bool]) -> int:
    """Import, import other values, cancel, undo and delete, again and again; how often."""
    rounds = 0
    while not backed_up():
        name = f"Meter {number}"
        first = importing.import_file(scope, meters(folder / f"{number} {rounds}.csv", name=name))
        other = meters(folder / f"{number} {rounds} other.csv", 2.5, name, 500)

        def cancel(stage: str, done: int, total: int) -> None:
            if stage == "Summing days":
                raise Cancelled

        with pytest.raises(Cancelled):
            importing.import_file(scope, other, progress=cancel)
        second = importing.import_file(scope, other)
        if rounds % 2:
            importing.undo_import(scope, second.import_id)
            importing.undo_import(scope, first.import_id)
        else:
            devices.delete_devices(scope, [d.id for d in devices.list_devices(scope) if d.name == name])
        rounds += 1
    return rounds


def slowly(stage: str, done: int, total: int) -> None:
    """A backup of more readings than a test has takes longer."""
    if stage == backup.STAGE:
        time.sleep(0.05)


def test_backup_while_readings_are_imported_undone_and_deleted_is_whole(
    scope: Scope, tmp_path: Path, elsewhere: Scope
) -> None:
    importing.import_file(scope, meters(tmp_path / "kept.csv", 3.5, "Chiller", 3000))
    written: list[Path] = []
    with ThreadPoolExecutor(3) as beside:
        at_work = [
            beside.submit(import_and_change, scope, tmp_path, number, lambda: len(written) == 3)
            for number in range(3)
        ]
        for number in range(3):
            path = tmp_path / f"{number}.backup"
            database.back_up(scope.db, path, slowly)
            written.append(path)
        assert all(work.result() > 0 for work in at_work)
    for path in written:
        restored(scope, path, elsewhere)


def test_import_under_way_in_a_backup_is_rolled_back_although_its_program_lives(
    scope: Scope, tmp_path: Path, elsewhere: Scope
) -> None:
    importing.import_file(scope, meters(tmp_path / "first.csv"))

    def back_up(stage: str, done: int, total: int) -> None:
        if stage == "Summing days":
            database.back_up(scope.db, tmp_path / "a.backup", lock=AT_WORK)

    importing.import_file(scope, meters(tmp_path / "second.csv", 2.5, hours=600), progress=back_up)
    restored(scope, tmp_path / "a.backup", elsewhere)
    stored = elsewhere.db["consumption_data"].find()
    assert [reading["consumption"] for reading in stored] == [1.5] * 400
    assert [found.file for found in readings.list_imports(elsewhere)] == ["first.csv"]


def test_turns(scope: Scope) -> None:
    waits: list[str] = []

    def give_up(stage: str, done: int, total: int) -> None:
        waits.append(stage)
        raise Cancelled

    with locks.shared_lock(scope.db), locks.shared_lock(scope.db):
        with pytest.raises(Cancelled), locks.exclusive_lock(scope.db, give_up):
            pass
    with locks.exclusive_lock(scope.db) as lock:
        for other in (locks.exclusive_lock(scope.db, give_up), locks.shared_lock(scope.db, give_up)):
            with pytest.raises(Cancelled), other:
                pass
        lock.require()
        scope.db["turns"].update_one({"_id": "alone"}, [{"$set": {"until": "$$NOW"}}])
        with locks.shared_lock(scope.db, give_up):
            pass
        with pytest.raises(locks.Interrupted, match="held up for so long"):
            lock.require()
    assert waits == ["Waiting for imports", "Waiting for another backup", "Waiting for a backup"]
    assert scope.db["turns"].count_documents({}) == 0


DIE_ALONE = """
import os, sys
from services.database import locks, opened
from services.settings import Settings
with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1], mongodb_name=sys.argv[2])) as db:
    with locks.exclusive_lock(db):
        os._exit(9)
"""


def test_program_that_died_alone_keeps_nobody_waiting(scope: Scope, settings: Settings) -> None:
    died = subprocess.run([sys.executable, "-c", DIE_ALONE, settings.data_dir, scope.db.name], check=False)
    assert died.returncode == 9
    assert scope.db["turns"].count_documents({"_id": "alone"}) == 1

    def hurry(stage: str, done: int, total: int) -> None:
        raise AssertionError(stage)

    with locks.shared_lock(scope.db, hurry), pytest.raises(AssertionError, match="Waiting for imports"):
        with locks.exclusive_lock(scope.db, hurry):
            pass


def test_account_that_a_restore_has_removed_imports_nothing(scope: Scope) -> None:
    def restore_meanwhile(stage: str, done: int, total: int) -> None:
        scope.db["users"].delete_many({})
        scope.db["turns"].delete_many({})

    with locks.exclusive_lock(scope.db):
        with pytest.raises(locks.Replaced), locks.shared_lock(scope.db, restore_meanwhile, scope.user_id):
            raise AssertionError


def number_of(data: bytes) -> int:
    """Of documents one behind the other, whatever is in them."""
    begin = number = 0
    while begin < len(data):
        begin += int.from_bytes(data[begin : begin + 4], "little")
        number += 1
    return number


def written(path: Path, entries: dict[str, bytes], **said: Any) -> Path:
    """A backup as somebody else would make it up."""
    collections = {
        name: {"documents": number_of(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in entries.items()
    }
    manifest = {"schema": 4, "createdAt": "2024-01-01T00:00:00Z", "collections": collections, **said}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(f"{name}.bson", data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return path


def test_damaged_backup_changes_nothing(scope: Scope, tmp_path: Path) -> None:
    devices.add_device(scope, "Chiller")
    path = tmp_path / "a.backup"
    database.back_up(scope.db, path)
    whole = path.read_bytes()
    altered = bytearray(whole)
    altered[whole.index(b"users.bson") + 60] ^= 0xFF
    devices.add_device(scope, "Lift")
    for damaged in (whole[: len(whole) // 2], altered, b"hello", b""):
        path.write_bytes(damaged)
        refused_without_a_trace(scope, path)


CUT_OFF = bson.encode({"name": "Lift"})[:-3]
ENDLESS = (0x7FFFFFFF).to_bytes(4, "little") + b"\0" * 60
NO_TEXT = bson.encode({"name": "Lift"}).replace(b"Lift", b"L\xff\xfet")
ACCOUNT = {
    "email": "mallory@example.com",
    "password": f"$2b$12${'a' * 53}",
    "role": "admin",
    "status": "active",
    "firstName": "Mallory",
    "lastName": "M",
    "timezone": "UTC",
}
MADE_UP: dict[str, dict[str, bytes]] = {
    "operator for a user": {"devices": bson.encode({"userId": {"$ne": None}, "name": "Lift"})},
    "list for a name": {"devices": bson.encode({"userId": ObjectId(), "name": ["Lift"]})},
    "operator for a value": {"consumption_data": bson.encode({"consumption": {"$gt": 0}})},
    "role that is none": {"users": bson.encode({**ACCOUNT, "role": "root"})},
    "account without a name": {"users": bson.encode({**ACCOUNT, "lastName": None})},
    "hash that takes days": {"users": bson.encode({**ACCOUNT, "password": f"$2b$31${'a' * 53}"})},
    "account twice": {"users": bson.encode({**ACCOUNT, "_id": ObjectId()}) + bson.encode(ACCOUNT)},
    "document twice": {"devices": bson.encode({"_id": ObjectId(b"a" * 12), "name": "Lift"}) * 2},
    "code": {"views": bson.encode({"name": "a", "filter": {"run": bson.Code("sleep(1e9)")}})},
    "pattern": {"views": bson.encode({"name": "a", "filter": bson.Regex("(a+)+$")})},
    "text that is none": {"devices": NO_TEXT},
    "system collection": {"system.js": bson.encode({"_id": "f", "value": "1"})},
    "other database's": {"admin": bson.encode({})},
    "way out": {"../../users": bson.encode({})},
}


def cut_off(path: Path) -> None:
    _framed(path, CUT_OFF)


def endless(path: Path) -> None:
    _framed(path, ENDLESS)


def _framed(path: Path, data: bytes) -> None:
    written(path, {}, collections={"devices": {"documents": 1, "sha256": hashlib.sha256(data).hexdigest()}})
    _add(path, "devices.bson", data)


def one_more_file(path: Path) -> None:
    written(path, {"devices": b""})
    _add(path, "payload.exe", b"")


def the_same_twice(path: Path) -> None:
    written(path, {"devices": b""})
    _add(path, "devices.bson", b"")


def bomb(path: Path) -> None:
    written(path, {"devices": bson.encode({"name": "a" * (8 << 20)}) * 20})


def manifest_of_another_shape(path: Path) -> None:
    written(path, {}, collections=[])


def _add(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, data)


def refused_without_a_trace(scope: Scope, path: Path) -> None:
    """Nor does it get as far as the database."""
    before = everything(scope)
    with pytest.raises(BackupRefused, match="no whole backup") as refusal:
        database.restore(scope.db, path, trust_foreign=True)
    assert everything(scope) == before, refusal


ARCHIVES = (cut_off, endless, one_more_file, the_same_twice, bomb, manifest_of_another_shape)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_loadlens_never_writes_is_refused(scope: Scope, tmp_path: Path) -> None:
    for attack, entries in MADE_UP.items():
        refused_without_a_trace(scope, written(tmp_path / f"{attack}.backup", entries))
    for make in ARCHIVES:
        make(tmp_path / "a.backup")
        refused_without_a_trace(scope, tmp_path / "a.backup")


def test_backup_of_a_newer_loadlens_is_told(scope: Scope, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="Install the newer Loadlens"):
        database.restore(scope.db, written(tmp_path / "a.backup", {}, schema=99, collections="otherwise"))


def test_cancelled_restore_changes_nothing(scope: Scope, tmp_path: Path) -> None:
    database.back_up(scope.db, tmp_path / "a.backup")
    devices.add_device(scope, "Lift")
    before = everything(scope)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == RESTORING and done == total:
            raise Cancelled

    with pytest.raises(Cancelled):
        database.restore(scope.db, tmp_path / "a.backup", stop)
    assert everything(scope) == before
    assert scope.db["settings"].find_one({"_id": "restore"}) is None


class MortalDatabase:
    """The database to a program that dies when it asks for the nth collection."""

    def __init__(self, scope: Scope, life: int) -> None:
        self._db, self._life = scope.db, life

    def __getattr__(self, name: str) -> object:
        if self._life < 0:
            raise SystemExit
        return getattr(self._db, name)

    def __getitem__(self, name: str) -> object:
        if name == locks.COLLECTION:
            return self._db[name]
        self._life -= 1
        if self._life < 0:
            raise SystemExit
        return self._db[name]


def test_restore_that_died_anywhere_is_finished_or_gone_at_the_next_start(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    devices.add_device(scope, "Chiller")
    importing.import_file(scope, meters(tmp_path / "a.csv", hours=24))
    wanted = everything(scope)
    database.back_up(scope.db, tmp_path / "wanted.backup")
    devices.add_device(scope, "Crane")
    importing.import_file(scope, meters(tmp_path / "b.csv", 2.5, hours=48))
    before = everything(scope)
    database.back_up(scope.db, tmp_path / "before.backup")
    outcomes: list[str] = []
    for life in range(1, 400, 19):
        mortal = cast(Any, MortalDatabase(scope, life))
        try:
            database.restore(mortal, tmp_path / "wanted.backup")
        except SystemExit:
            prepare.prepare(scope.db, settings)
        found = everything(scope)
        assert found in (before, wanted), life
        assert not [name for name in found if name.startswith(STAGED)]
        if found == wanted:
            outcomes.append("finished")
            break_after = len(outcomes) > outcomes.index("finished") + 3
            database.restore(scope.db, tmp_path / "before.backup")
            if break_after:
                break
        else:
            outcomes.append("gone")
    assert {"finished", "gone"} == set(outcomes)


def test_restore_that_fails_after_one_that_died_leaves_that_one_finished(
    scope: Scope, tmp_path: Path
) -> None:
    devices.add_device(scope, "Chiller")
    database.back_up(scope.db, tmp_path / "a.backup")
    devices.add_device(scope, "Lift")
    life = 1
    while scope.db["settings"].find_one({"_id": "restore", "collections": {"$exists": True}}) is None:
        life += 10
        with suppress(SystemExit):
            database.restore(cast(Any, MortalDatabase(scope, life)), tmp_path / "a.backup")

    def stop(stage: str, done: int, total: int) -> None:
        if stage == RESTORING:
            raise Cancelled

    with pytest.raises(Cancelled):
        database.restore(scope.db, tmp_path / "a.backup", stop)
    assert [device.name for device in devices.list_devices(scope)] == ["Chiller"]
    assert scope.db["settings"].find_one({"_id": "restore"}) is None


def test_backup_into_nowhere_is_told(scope: Scope, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be written"):
        database.back_up(scope.db, tmp_path / "no" / "a.backup")
    with pytest.raises(BackupRefused, match="cannot be opened"):
        database.restore(scope.db, tmp_path / "gone.backup")


def test_full_disk_is_told_before_and_while_a_backup_is_written(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(100, 90, 10))
        with pytest.raises(BackupRefused, match="only 0 MB are free"):
            database.back_up(scope.db, tmp_path / "a.backup")
    resource = pytest.importorskip("resource")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        with pytest.raises(BackupRefused, match="cannot be written to"):
            database.back_up(scope.db, tmp_path / "a.backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_backup_of_a_replica_set_is_a_snapshot_and_keeps_nobody_waiting(
    team_settings: Settings, tmp_path: Path
) -> None:
    with opened(team_settings) as db:
        accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        scope = accounts.scope_of(db, "ada@example.com")
        importing.import_file(scope, meters(tmp_path / "first.csv"))
        before = everything(scope)

        def import_meanwhile(stage: str, done: int, total: int) -> None:
            if stage == backup.STAGE and not readings.list_imports(scope)[1:]:
                importing.import_file(scope, meters(tmp_path / "second.csv", 2.5, "Crane"))

        database.back_up(db, tmp_path / "a.backup", import_meanwhile)
        assert len(readings.list_imports(scope)) == 2
        database.restore(db, tmp_path / "a.backup")
        assert everything(scope) == before
        assert readings.is_consistent(scope)
