"""What `loadlens doctor` finds, and that it finds it: one thing made unwell after the other."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from bson import ObjectId
from pydantic import SecretStr
from replica_set import ReplicaSet

from services import backups, cli, database, devices, doctor, importing, notifications
from services.database import opened
from services.doctor import Check, advisories
from services.forecasts.versions import store_version
from services.notifications import MailSettings
from services.progress import Cancelled
from services.scope import Scope
from services.settings import Settings

NAMES = {
    "data folder",
    "disk space",
    "secrets",
    "logs",
    "unexpected ends",
    "clock",
    "backups",
    "database",
    "known flaws",
    "schema",
    "indexes",
    "imports",
    "names",
    "packed readings",
    "models",
    "mail",
}
MAIL = MailSettings(True, "127.0.0.1", 25, "none", "", "ada@example.com", ("ada@example.com",))

Find = Callable[[str], Check]


@pytest.fixture
def find(scope: Scope, settings: Settings) -> Find:
    """The check of that name, and that all others are well."""

    def find(name: str) -> Check:
        checks = {check.name: check for check in doctor.examine(scope.db, settings)}
        assert checks.keys() == NAMES
        others = {
            check.name: check.detail for check in checks.values() if check.name != name and not check.ok
        }
        assert others == {}
        return checks[name]

    return find


@pytest.fixture
def pump(tmp_path: Path) -> Path:
    path = tmp_path / "pump.csv"
    path.write_text("Date,Meter,kWh\n2024-02-13,Pump,1\n2024-02-14,Pump,2\n")
    return path


def test_a_new_installation_is_well(find: Find) -> None:
    for name in NAMES:
        assert find(name).ok
    assert "private to this machine" in find("database").detail
    assert "closed here: CVE-2025-14847" in find("known flaws").detail
    assert find("mail").detail == "nobody has alerts mailed"


def test_readings_that_are_not_packed_are_found(find: Find, scope: Scope, pump: Path) -> None:
    importing.import_file(scope, pump)
    assert find("packed readings").ok
    scope.db["consumption_data"].update_one({}, {"$inc": {"consumption": 0.001}})
    check = find("packed readings")
    assert not check.ok
    assert "ada@example.com" in check.detail
    assert "Restore a backup" in check.detail
    scope.db["imports"].update_one({}, {"$set": {"state": "running", "host": "another"}})
    assert "an import is running" in find("packed readings").detail


def test_the_comparison_can_be_cancelled(scope: Scope, settings: Settings, pump: Path) -> None:
    importing.import_file(scope, pump)
    stages = []

    def stop(stage: str, done: int, total: int) -> None:
        stages.append(stage)
        if stage == "Comparing packed readings":
            raise Cancelled

    with pytest.raises(Cancelled):
        doctor.examine(scope.db, settings, stop)
    assert stages[0] == "Looking after everything"


def test_missing_index_and_import_left_elsewhere_are_found(find: Find, scope: Scope) -> None:
    scope.db["devices"].drop_index("userId_1_nameKey_1")
    assert find("indexes").detail.startswith("Missing: devices.userId_1_nameKey_1.")
    database.schema.create_indexes(scope.db)
    long_ago = datetime.now(UTC) - timedelta(days=3)
    left = {"state": "running", "host": "another", "createdAt": long_ago, "file": "march.xlsx"}
    scope.db["imports"].insert_one(scope.owned(left))
    assert "The import of march.xlsx that another began" in find("imports").detail
    died = {"host": socket.gethostname(), "pid": os.getpid(), "processCreated": "before"}
    scope.db["imports"].update_one({}, {"$set": died})
    assert "The import of march.xlsx was cut short" in find("imports").detail


def test_two_spellings_of_one_name_are_found(find: Find, scope: Scope) -> None:
    devices.add_device(scope, "Hall 1")
    devices.add_device(scope, "Hall 2")
    clash = {"name": "HALL  1", "nameKey": "hall 1\n2"}
    scope.db["devices"].update_one({"name": "Hall 2"}, {"$set": clash})
    assert "Among the devices, “Hall 1” and “HALL  1” are the same name" in find("names").detail


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_what_others_can_read_is_found(find: Find, scope: Scope, settings: Settings) -> None:
    secrets = settings.data_dir / "secrets.json"
    secrets.chmod(0o644)
    assert find("secrets").detail.endswith(f"chmod 600 {secrets}")
    settings.data_dir.chmod(0o755)
    try:
        found = {check.name: check for check in doctor.examine(scope.db, settings)}
        assert "can get at secrets.json" in found["data folder"].detail
    finally:
        secrets.chmod(0o600)
    try:
        assert find("data folder").ok, "what matters is its owner's alone"
    finally:
        settings.data_dir.chmod(0o700)


def test_clock_that_was_set_back_is_found(find: Find, scope: Scope) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=365)):
        assert "the clock was set back since" in find("clock").detail
    ahead = {"createdAt": datetime.now(UTC) + timedelta(hours=2), "start": datetime.now(UTC)}
    scope.db["alerts"].insert_one(scope.owned(ahead))
    assert "the clock was set back since" in find("clock").detail
    scope.db["alerts"].delete_many({})
    scope.db["users"].update_one({}, {"$set": {"timezone": "Mars/Base"}})
    assert "Mars/Base of ada@example.com" in find("clock").detail


def test_mail_servers_are_greeted_and_nothing_is_sent(find: Find, scope: Scope, settings: Settings) -> None:
    controller = Controller(Sink(), hostname="127.0.0.1", port=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    mail = replace(MAIL, port=controller.port)
    notifications.save_mail_settings(scope, settings, mail)
    assert "cannot be reached" in find("mail").detail
    controller.start()
    try:
        assert find("mail").detail == "127.0.0.1 answered; nothing was sent"
        notifications.enqueue(scope, [ObjectId()], "stuck", "")
        long_ago = datetime.now(UTC) - timedelta(days=3)
        scope.db["outbox"].update_many({}, {"$set": {"createdAt": long_ago}})
        assert "1 mails wait for more than a day" in find("mail").detail
    finally:
        controller.stop()


def test_altered_model_is_found(find: Find, scope: Scope, settings: Settings) -> None:
    days = dict.fromkeys(("trainedFrom", "trainedTo", "heldOutFrom"), "2024-01-01")
    told = {"country": None, "metrics": {"WAPE": 0.1}, "mattered": {}, "devices": 1, "rows": 60, **days}
    store_version(
        {"combination": "a model"},
        {"combination": {**told, "trainedAt": "2024-03-01T00:00:00+00:00"}},
        scope,
        settings,
    )
    assert find("models").detail.startswith("1 trained")
    [model] = (settings.models_dir / str(scope.user_id)).rglob("*.pkl")
    model.write_bytes(b"altered")
    assert "combination_model.pkl is not as this installation signed it. Train" in find("models").detail


def test_damaged_backup_is_found(find: Find, scope: Scope, settings: Settings) -> None:
    settings.backups_dir.mkdir(mode=0o700)
    try:
        path = settings.backups_dir / "last.backup"
        database.back_up(scope.db, path, key=settings.signing_key)
        assert "the last is 0 days old" in find("backups").detail
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        assert not find("backups").ok
    finally:
        shutil.rmtree(settings.backups_dir)


def test_backups_that_are_wanted_and_not_made_are_found(
    find: Find, scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=8)):
        backups.save_schedule(scope, settings, backups.Schedule("daily", 0, time(12), folder, 3))
    assert backups.make_due(scope, settings)
    assert f"1 in {folder}; the last is 0 days old" in find("backups").detail
    week_ago = {"lastAt": datetime.now(UTC) - timedelta(days=7)}
    scope.db["backup_schedules"].update_one({}, {"$set": week_ago})
    assert "Let Loadlens run at 12:00" in find("backups").detail
    shutil.rmtree(folder)
    backups.make_due(scope, settings)
    assert f"The folder for backups {folder} is not there" in find("backups").detail
    scope.db["backup_schedules"].update_one({}, {"$set": {"host": "another"}})
    assert find("backups").detail == "another makes them"


def test_member_of_a_replica_set_that_is_away_is_found(replicas: ReplicaSet, team_settings: Settings) -> None:
    away = next(member.port for member in replicas.members if member.port != replicas.primary().port)
    with opened(team_settings) as db:
        well = {check.name: check for check in doctor.examine(db, team_settings)}
        assert [check.name for check in well.values() if not check.ok] == ["known flaws"]
        assert "replica set rs0 of 3" in well["database"].detail
        replicas.kill(away)
        try:
            unwell = [check for check in doctor.examine(db, team_settings) if not check.ok]
        finally:
            replicas.start(away)
    assert [check.name for check in unwell] == ["database", "known flaws"]
    assert unwell[0].detail.startswith(f"127.0.0.1:{away} of the replica set cannot be reached")


def test_flaws_of_a_teams_server_are_found(team_settings: Settings, settings: Settings) -> None:
    with opened(settings) as db:
        assert not advisories.offers_zlib(db), "the private server compresses nothing"
    with opened(team_settings) as db:
        assert advisories.offers_zlib(db)
        found = {check.name: check for check in doctor.examine(db, team_settings)}["known flaws"]
    assert not found.ok
    assert "gives away what lies in its memory" in found.detail
    assert "CVE-2025-14847" in found.detail
    assert "to 6.0.30 or newer" in found.detail


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("4.2.25", {"CVE-2025-14847", "CVE-2026-11933", "CVE-2026-118383"}),
        ("6.0.5", {"CVE-2025-14847", "CVE-2026-11933", "CVE-2026-118383"}),
        ("6.0.27", {"CVE-2026-11933", "CVE-2026-118383"}),
        ("7.0.28", {"CVE-2026-9740", "CVE-2026-11933", "CVE-2026-118383"}),
        ("7.0.48", set()),
        ("8.1.2", {"CVE-2025-14847", "CVE-2026-9740", "CVE-2026-11933", "CVE-2026-118383"}),
        ("8.3.3-rc1", {"CVE-2026-11933", "CVE-2026-118383"}),
        ("9.1.0", set()),
    ],
)
def test_a_version_has_the_flaws_that_were_found_in_it(version: str, names: set[str]) -> None:
    assert {one.name for one in advisories.ADVISORIES if one.affects(version)} == names


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("mongodb://ada:secret@db.example.com/", "What goes to db.example.com, passwords too, can be read"),
        ("mongodb://db.example.com/?tls=true", "db.example.com lets in everybody"),
    ],
)
def test_what_endangers_a_teams_data_is_found(find: Find, settings: Settings, uri: str, said: str) -> None:
    settings.mongodb_uri = SecretStr(uri)
    assert said in find("database").detail


def test_writes_that_a_server_may_forget_are_found(settings: Settings, server_address: str) -> None:
    uri = f"mongodb://loadlens:{settings.private_database_password}@{server_address}/?authSource=admin&w=1"
    forgetful = settings.model_copy(update={"mongodb_uri": SecretStr(uri)})
    with opened(forgetful) as db:
        unwell = [check for check in doctor.examine(db, forgetful) if not check.ok]
    assert [check.name for check in unwell] == ["database"]
    assert "asks for w=1" in unwell[0].detail


def test_what_needs_no_database_is_looked_at_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MONGODB_URI", "mongodb://ada:hunter2@127.0.0.1:9/?serverSelectionTimeoutMS=200")
    assert cli.main(["doctor", "--json"]) == 1
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["ok"] is False
    well = {check["name"]: check["ok"] for check in found["checks"]}
    assert {name for name in well if not well[name]} == {"database"}
    anywhere = {"data folder", "disk space", "secrets", "logs", "unexpected ends", "clock", "backups"}
    assert well.keys() == anywhere | {"database"}
    assert all(check.keys() == {"name", "ok", "detail"} for check in found["checks"])
    assert "hunter2" not in printed.out + printed.err
