"""The file for support: that it helps, and that nothing is in it that it may not tell."""

import json
import logging
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from services import accounts, cli, database, importing, logs, notifications, secret_store, support
from services.accounts import NotAllowed, tokens
from services.database import TeamServer
from services.notifications import MailSettings
from services.progress import Cancelled
from services.scope import Scope
from services.settings import Settings

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmRyZWEifQ.c2lnbmF0dXJlb2ZhbmRyZWE"
KEPT_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJrZXB0In0.c2lnbmF0dXJla2VwdA"
MAIL = MailSettings(True, "127.0.0.1", 9, "none", "andrea", "andrea@mail.example", ("boss@mail.example",))

PLANTED = {
    "environment": "planted in the environment",
    "uri": "planted/in@uri",
    "env file": "planted-in-dotenv",
    "secrets.json": "planted in the secrets file",
    "mail": 'planted "mail" password',
    "team": "planted team password",
    "jwt": JWT,
    "kept token": KEPT_JWT,
}
NAMES = (
    "Chiller of Hall 7",
    "Rooftop",
    "march of andrea.csv",
    "ada@example.com",
    "Wong",
    "boss@mail.example",
)
MARKED = "planted-in-a-log"
READING = "41.6253"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Secrets wherever settings may come from."""
    (tmp_path / ".env").write_text(f"EMAIL_HOST_PASSWORD={PLANTED['env file']}\n")
    monkeypatch.setenv("SECRET_KEY", PLANTED["environment"])
    own = {"loadlens_data_dir": settings.data_dir, "mongodb_name": settings.mongodb_name}
    return Settings(_env_file=tmp_path / ".env", **own)


@pytest.fixture
def planted(scope: Scope, settings: Settings, tmp_path: Path) -> Iterator[Scope]:
    """Secrets, names and readings in every place that there is."""
    logs.begin(settings, "test")
    secret_store.secret(settings.data_dir, "jwtSecretKey")
    path = settings.data_dir / "secrets.json"
    before = path.read_text()
    path.write_text(json.dumps({**json.loads(before), "mail of old": PLANTED["secrets.json"]}))
    notifications.save_mail_settings(scope, settings, MAIL, PLANTED["mail"])
    server = TeamServer("db.example.com", user="andrea")
    database.remember(settings, server, PLANTED["team"])
    tokens.keep_token(settings, KEPT_JWT)
    meters = tmp_path / "march of andrea.csv"
    meters.write_text(
        f"Date,Meter,Location,kWh\n2024-02-13,Chiller of Hall 7,Rooftop,{READING}\n"
        "2024-02-14,Pump,Rooftop,2\n"
    )
    importing.import_file(scope, meters)
    log = logging.getLogger("services.test")
    log.info("password=%s", MARKED)
    for text in [*PLANTED.values(), *NAMES]:
        log.info("saw %s and mongodb://andrea:planted/in@uri@db.example.com/", text)
    scope.db.command("profile", 0, slowms=-1)
    scope.db["devices"].update_one({"name": "Chiller of Hall 7"}, {"$set": {"ratedPower": float(READING)}})
    scope.db["users"].find_one({"email": "ada@example.com"})
    scope.db.command("profile", 0, slowms=100)
    yield scope
    path.write_text(before)
    (settings.data_dir / "connection.json").unlink()
    logging.getLogger().removeHandler(logs._Log.current)


def test_nothing_is_told_that_may_not_be(planted: Scope, settings: Settings, tmp_path: Path) -> None:
    stored = planted.db["users"].find_one({})
    secrets = [*PLANTED.values(), MARKED, "planted%2Fin%40uri", stored["password"], stored["password"][7:29]]
    secrets += json.loads((settings.data_dir / "secrets.json").read_text()).values()
    secrets += [settings.token_key, settings.private_database_password, settings.signing_key.decode()]
    everything = (settings.data_dir / "mongod.log").read_text()
    assert "Chiller of Hall 7" in everything, "the server's log has it"

    uri = SecretStr("mongodb://andrea:planted%2Fin%40uri@127.0.0.1:27017/")
    support.save(planted, settings.model_copy(update={"mongodb_uri": uri}), tmp_path / "for support.zip")

    with zipfile.ZipFile(tmp_path / "for support.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, text in texts.items():
        for secret in secrets:
            assert secret not in text, (name, secret)
            assert json.dumps(secret)[1:-1] not in text, (name, secret)
        for hidden in (*NAMES, READING, "andrea@mail.example"):
            assert hidden not in text, (name, hidden)
    assert "(device 1)" in texts["logs/loadlens.log"]
    assert "(hidden)" in texts["logs/loadlens.log"]


def test_it_tells_what_helps(planted: Scope, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "for support.zip"
    checks = support.save(planted, settings, path)
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        found = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith("json")}
        assert b"begins: Python" in archive.read("logs/loadlens.log")
        assert b"createCollection" in archive.read("logs/mongod.log")
    assert [check["name"] for check in found["checks.json"]] == [check.name for check in checks]
    assert found["settings.json"]["SECRET_KEY"] is True
    assert found["settings.json"]["MONGODB_URI"] is False
    assert found["settings.json"]["EMAIL_PORT"] == 587
    assert found["versions.json"]["pymongo"]
    assert found["database.json"]["collections"]["consumption_data"]["documents"] == 2
    assert found["machine.json"]["processors"] > 0


def test_only_who_looks_after_the_database_saves_it(scope: Scope, settings: Settings, tmp_path: Path) -> None:
    accounts.register(scope.db, "Bo", "Li", "bo@example.com", "correct horse battery")
    with pytest.raises(NotAllowed):
        support.save(scope, settings, tmp_path / "for support.zip")
    assert not (tmp_path / "for support.zip").exists()


def test_it_is_whole_or_not_there(scope: Scope, settings: Settings, tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage.startswith("Writing"):
            raise Cancelled

    with pytest.raises(Cancelled):
        support.save(scope, settings, tmp_path / "for support.zip", stop)
    with pytest.raises(support.BundleRefused, match="cannot be written"):
        support.save(scope, settings, tmp_path / "gone" / "for support.zip")
    assert not list(tmp_path.glob("*.zip"))


def test_it_is_saved_where_no_database_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MONGODB_URI", "mongodb://ada:hunter2@127.0.0.1:9/?serverSelectionTimeoutMS=200")
    assert cli.main(["doctor", "--bundle", str(tmp_path / "for support.zip")]) == 1
    assert "BAD  database" in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "for support.zip") as archive:
        assert b"hunter2" not in b"".join(archive.read(name) for name in archive.namelist())
        assert json.loads(archive.read("settings.json"))["MONGODB_URI"] is True
