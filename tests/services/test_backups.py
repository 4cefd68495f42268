"""Backups by hand and on a schedule, listed and restored, and who may do so."""

import hashlib
import json
import os
import shutil
import time as time_module
import zipfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bson import ObjectId

from services import accounts, audit, backups, database, devices
from services.backups import Schedule, ScheduleRefused
from services.backups.schedule import is_due
from services.names import name_fields
from services.scope import Scope
from services.settings import Settings

NOON = datetime(2024, 5, 15, 12, 0)
"""A Wednesday, by the clock of this machine."""


def noted(scope: Scope) -> list[tuple[str, str]]:
    found = scope.db["audit_log"].find({"action": {"$regex": "^(backup|settings)"}}).sort("_id")
    return [(entry["action"], entry["email"]) for entry in found]


def at(moment: datetime) -> Any:
    return time_machine.travel(moment.astimezone(), tick=True)


def daily(folder: Path, keep: int = 2) -> Schedule:
    return Schedule("daily", 0, time(3), folder, keep)


def test_backup_by_hand_is_listed_verified_and_restored(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    devices.add_device(scope, "Chiller")
    path = tmp_path / backups.proposed_path(scope, settings).name
    backups.back_up(scope, settings, path)
    (tmp_path / "broken.backup").write_bytes(b"hello")
    (tmp_path / "letter.txt").write_bytes(b"hello")
    broken, found = sorted(backups.list_backups(scope, settings, tmp_path), key=lambda b: b.made_here)
    assert (broken.path.name, broken.made_at, broken.made_here) == ("broken.backup", None, False)
    assert (found.path, found.made_here, found.database) == (path, True, scope.db.name)
    assert found.size == path.stat().st_size
    assert path.stat().st_mode & 0o077 == 0 or os.name == "nt"
    backups.verify(scope, settings, path)
    with pytest.raises(database.BackupRefused, match="no whole backup"):
        backups.verify(scope, settings, broken.path)

    devices.add_device(scope, "Lift")
    backups.restore(scope, settings, path)
    assert [device.name for device in devices.list_devices(scope)] == ["Chiller"]
    assert noted(scope) == [("backup.made", "ada@example.com"), ("backup.restored", "ada@example.com")]


def test_backup_of_unknown_origin_says_whom_it_makes_an_administrator(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    mallory = scope.db["users"].find_one({}, {"_id": False})
    scope.db["users"].insert_one({**mallory, **name_fields("mallory@example.com", "email"), "role": "admin"})
    database.back_up(scope.db, tmp_path / "a.backup", key=b"of another installation")
    scope.db["users"].delete_one({"email": "mallory@example.com"})
    found = backups.describe(scope, settings, tmp_path / "a.backup")
    assert not found.backup.made_here
    assert not found.backup.altered
    assert found.administrators == found.new_administrators == ("mallory@example.com",)


def test_altered_backup_is_of_unknown_origin_although_its_checksums_are_right(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    backups.back_up(scope, settings, tmp_path / "a.backup")
    with zipfile.ZipFile(tmp_path / "a.backup") as before:
        entries = {name: before.read(name) for name in before.namelist()}
    entries["users.bson"] = entries["users.bson"].replace(b"ada@example.com", b"eve@example.com")
    manifest = json.loads(entries["manifest.json"])
    manifest["collections"]["users"]["sha256"] = hashlib.sha256(entries["users.bson"]).hexdigest()
    entries["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "b.backup", "w") as after:
        for name, data in entries.items():
            after.writestr(name, data)
    found = {b.path.name: b for b in backups.list_backups(scope, settings, tmp_path)}
    assert {name: (b.made_here, b.altered) for name, b in found.items()} == {
        "a.backup": (True, False),
        "b.backup": (False, True),
    }
    with pytest.raises(database.BackupRefused, match="or was altered since"):
        backups.restore(scope, settings, tmp_path / "b.backup")
    assert accounts.scope_of(scope.db, "ada@example.com")
    backups.restore(scope, settings, tmp_path / "b.backup", trust_foreign=True)
    assert accounts.scope_of(scope.db, "eve@example.com")


def test_newer_data_than_the_backup_is_noticed(scope: Scope, settings: Settings, tmp_path: Path) -> None:
    """What is stored, changed or deleted; not who signs in, nor what a restore has taken back."""
    path = tmp_path / "a.backup"
    devices.add_device(scope, "Chiller")
    [chiller] = devices.list_devices(scope)
    backups.back_up(scope, settings, path)

    def newer() -> bool:
        return backups.describe(scope, settings, path).newest_change is not None

    accounts.sign_in(scope.db, "ada@example.com", "correct horse battery")
    assert not newer()
    time_module.sleep(1.1)  # an id tells of seconds
    for change in (
        lambda: devices.add_device(scope, "Lift"),
        lambda: devices.delete_devices(scope, [chiller.id]),
        lambda: accounts.change_name(scope, "Augusta", "King"),
        lambda: audit.record_for(scope, "import.undone", "march.csv"),
    ):
        change()
        assert newer()
        backups.restore(scope, settings, path)
        assert not newer()


def test_only_who_looks_after_the_database_deals_with_backups(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.backup"
    backups.back_up(scope, settings, path)
    accounts.register(scope.db, "Eve", "Ong", "eve@example.com", "correct horse battery")
    eve = accounts.scope_of(scope.db, "eve@example.com")
    for call in (
        lambda: backups.back_up(eve, settings, path),
        lambda: backups.restore(eve, settings, path),
        lambda: backups.verify(eve, settings, path),
        lambda: backups.describe(eve, settings, path),
        lambda: backups.list_backups(eve, settings, tmp_path),
        lambda: backups.schedule_of(eve, settings),
        lambda: backups.save_schedule(eve, settings, daily(tmp_path)),
    ):
        with pytest.raises(accounts.NotAllowed):
            call()


def test_when_a_backup_is_due(scope: Scope, settings: Settings, tmp_path: Path) -> None:
    with at(NOON):
        assert not is_due(scope.db, NOON), "none is scheduled"
        backups.save_schedule(scope, settings, daily(tmp_path))
    assert not is_due(scope.db, NOON), "the first comes at its time"
    assert not is_due(scope.db, NOON + timedelta(hours=14, minutes=59))
    assert is_due(scope.db, NOON + timedelta(hours=15))
    assert is_due(scope.db, NOON + timedelta(days=30)), "no program ran meanwhile"
    with at(NOON):
        backups.save_schedule(scope, settings, Schedule("weekly", 2, time(12, 30), tmp_path, 2))
    assert is_due(scope.db, NOON + timedelta(minutes=30))
    made = (NOON + timedelta(minutes=31)).astimezone(UTC)
    scope.db["backup_schedules"].update_one({}, {"$set": {"lastAt": made}})
    assert not is_due(scope.db, NOON + timedelta(days=7))
    assert is_due(scope.db, NOON + timedelta(days=7, minutes=30))
    assert is_due(scope.db, NOON - timedelta(days=300)), "the clock was ahead when the last was made"
    scope.db["backup_schedules"].update_one({}, {"$set": {"host": "another computer"}})
    assert not is_due(scope.db, NOON + timedelta(days=8))
    assert not backups.schedule_of(scope, settings).is_mine
    with at(NOON):
        backups.save_schedule(scope, settings, Schedule("off", 0, time(3), tmp_path, 2))
    assert not is_due(scope.db, NOON + timedelta(days=30))


def test_newest_are_kept_and_nothing_else_is_deleted(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    with at(NOON):
        backups.save_schedule(scope, settings, daily(tmp_path))
    others = ["by hand.backup", "notes.txt", f"{scope.db.name} scheduled 2020-01-01 000000.backup"]
    for name in others:
        (tmp_path / name).write_text("somebody else's")
    database.back_up(scope.db, tmp_path / f"{scope.db.name} scheduled 2020-01-02 000000.backup", key=b"other")
    left = tmp_path / f".{'0a' * 16}.backup"
    left.write_text("half of a backup")
    os.utime(left, (0, 0))
    assert left not in [backup.path for backup in backups.list_backups(scope, settings, tmp_path)]
    made: list[Path] = []
    for day in range(1, 5):
        with at(NOON + timedelta(days=day)):
            outcome = backups.make_due(scope, settings)
            assert outcome is not None
            assert outcome.path is not None
            made.append(outcome.path)
            assert backups.make_due(scope, settings) is None, "once a day"
    there = {path.name for path in tmp_path.iterdir()}
    assert {path.name for path in made} & there == {made[-1].name, made[-2].name}
    assert {*others, f"{scope.db.name} scheduled 2020-01-02 000000.backup"} < there
    assert not left.exists(), "it was left by a program that died"
    assert noted(scope)[-1] == ("backup.made", "schedule")


def test_folder_that_is_gone_is_told_and_tried_again(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    with at(NOON):
        backups.save_schedule(scope, settings, daily(folder))
        with pytest.raises(ScheduleRefused, match="is not there"):
            backups.save_schedule(scope, settings, daily(tmp_path / "no drive"))
        with pytest.raises(ScheduleRefused, match="at least one"):
            backups.save_schedule(scope, settings, daily(folder, keep=0))
    folder.rmdir()
    with at(NOON + timedelta(days=1)):
        outcome = backups.make_due(scope, settings)
        assert outcome is not None
        assert "is not there" in str(outcome.refusal)
        assert "is not there" in str(backups.schedule_of(scope, settings).trouble)
        folder.mkdir()
        outcome = backups.make_due(scope, settings)
        assert outcome is not None
        assert outcome.path is not None
        assert backups.schedule_of(scope, settings).trouble is None


def test_restore_leaves_the_schedule_and_who_is_locked_out(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    backups.back_up(scope, settings, tmp_path / "a.backup")
    backups.save_schedule(scope, settings, daily(tmp_path))
    scope.db["sign_in_failures"].insert_one({"_id": ObjectId(), "email": "eve@example.com", "count": 9})
    backups.restore(scope, settings, tmp_path / "a.backup")
    assert backups.schedule_of(scope, settings).schedule == daily(tmp_path)
    assert scope.db["sign_in_failures"].count_documents({}) == 1


def test_restore_that_would_fill_the_disk_is_refused(
    scope: Scope, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.back_up(scope, settings, tmp_path / "a.backup")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(100, 90, 10))  # type: ignore[attr-defined]
    with pytest.raises(database.BackupRefused, match="only 0 MB are free where the database is"):
        backups.restore(scope, settings, tmp_path / "a.backup")


def test_audit_log_knows_what_was_done_after_the_backup(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    backups.back_up(scope, settings, tmp_path / "a.backup")
    audit.record_for(scope, "user.role", "mallory@example.com")
    backups.restore(scope, settings, tmp_path / "a.backup")
    assert scope.db["audit_log"].count_documents({"action": "user.role"}) == 1
