"""The private `mongod` and the servers that the settings name."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database import DatabaseUnavailable, opened, schema
from services.database.private import address, mongod
from services.scope import Document
from services.secret_store import DataFolderRefused
from services.settings import Settings

JOIN = """
import sys, time
from services.database import opened
from services.settings import Settings
with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:
    db["notes"].insert_one({"_id": sys.argv[2]})
    print(db.client.admin.command("serverStatus")["pid"], flush=True)
    sys.stdin.readline()
"""


def settings_in(folder: Path, **more: object) -> Settings:
    return Settings(_env_file=None, loadlens_data_dir=folder, **more)  # type: ignore[arg-type]


def program(folder: Path, name: str) -> tuple[subprocess.Popen[str], int]:
    """Another program with the database open, and the server that it uses; it ends when told by a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", JOIN, folder, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def server_of(db: Database[Document]) -> int:
    pid: int = db.client.admin.command("serverStatus")["pid"]
    return pid


def servers(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "mongod" and str(folder / "database") in (process.info["cmdline"] or [])
    ]


def wait_until(true: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_private_server_asks_for_a_password_listens_on_no_port_and_stops(tmp_path: Path) -> None:
    with opened(settings_in(tmp_path)) as db:
        [server] = servers(tmp_path)
        assert server.net_connections("inet") == []
        stranger: MongoClient[dict[str, object]] = MongoClient(address.uri(db.client.address[0]))
        with stranger, pytest.raises(OperationFailure, match="requires authentication"):
            stranger[db.name]["users"].find_one()
        assert db["settings"].find_one({"_id": "schema"})["version"] == schema.VERSION
    assert not servers(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_second_program_joins_and_the_last_one_stops_the_server(tmp_path: Path) -> None:
    with opened(settings_in(tmp_path)) as db:
        other, server = program(tmp_path, "other")
        assert server == server_of(db)
        assert db["notes"].find_one({"_id": "other"})
        assert len(servers(tmp_path)) == 1
    assert servers(tmp_path), "the other program still uses it"
    other.communicate("\n")
    assert not servers(tmp_path)


def test_server_of_a_crashed_program_is_reused_with_all_that_was_written(tmp_path: Path) -> None:
    crashed, server = program(tmp_path, "acknowledged")
    watchdog = psutil.Process(json.loads((tmp_path / "mongod.json").read_text())["watchdog_pid"])
    watchdog.suspend()  # or it may stop the server before the next program comes
    crashed.send_signal(signal.SIGKILL)
    crashed.wait()
    with opened(settings_in(tmp_path)) as db:
        watchdog.resume()
        assert server_of(db) == server
        assert db["notes"].find_one({"_id": "acknowledged"})


def test_server_whose_programs_died_is_stopped(tmp_path: Path) -> None:
    crashed, _ = program(tmp_path, "last words")
    [server] = servers(tmp_path)
    crashed.send_signal(signal.SIGKILL)
    crashed.wait()
    assert wait_until(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)
    with opened(settings_in(tmp_path)) as db:
        assert db["notes"].find_one({"_id": "last words"})


def test_server_whose_program_died_while_it_started_is_found(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    where = address.choose(tmp_path, None, None)
    pids: list[int] = []
    mongod.start(tmp_path, settings.private_database_password, where, None, pids.append)
    [pid] = pids
    with opened(settings) as db:
        assert server_of(db) == pid
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_server_that_was_killed_is_started_again(tmp_path: Path) -> None:
    first, _ = program(tmp_path, "before")
    [server] = servers(tmp_path)
    server.kill()
    first.kill()
    first.wait()
    with opened(settings_in(tmp_path)) as db:
        assert db["notes"].find_one({"_id": "before"})


def test_configured_server_is_used_instead(tmp_path: Path, settings: Settings, server_address: str) -> None:
    host, port = server_address.split(":")
    with opened(settings) as private:
        password = settings.private_database_password
        named = settings_in(
            tmp_path,
            mongodb_uri=f"mongodb://loadlens:{password}@{host}:{port}/?authSource=admin",
            mongodb_name=private.name,
        )
        with opened(named) as db:
            assert db["load_blocks"].index_information()
        parts = settings_in(
            tmp_path, mongodb_host=host, mongodb_port=port, mongodb_user="loadlens", mongodb_password=password
        )
        with opened(parts) as db:
            assert db.name == "power_consumption_db"
        wrong = settings_in(
            tmp_path, mongodb_host=host, mongodb_port=port, mongodb_user="x", mongodb_password="y"
        )
        with pytest.raises(DatabaseUnavailable, match=r"refused Loadlens.*MONGODB_PASSWORD"), opened(wrong):
            pass
    assert not servers(tmp_path)


@pytest.mark.parametrize(
    "uri", ["mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200", "mongodb://user:secret@127.0.0.1:9"]
)
def test_unreachable_server_is_named_without_its_password(tmp_path: Path, uri: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:9 does not answer") as refusal:
        with opened(settings_in(tmp_path, mongodb_uri=uri)):
            pass
    assert "secret" not in str(refusal.value)


def test_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DatabaseUnavailable, match=f"Port {port} is in use"):
            with opened(settings_in(tmp_path, mongodb_port=port)):
                pass


def test_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderRefused, match="cannot write to its data folder"):
        with opened(settings_in(tmp_path / "file" / "folder")):
            pass


def test_database_of_a_newer_loadlens_is_left_alone(settings: Settings) -> None:
    with opened(settings) as db:
        db["settings"].update_one({"_id": "schema"}, {"$set": {"version": 99}})
        with pytest.raises(DatabaseUnavailable, match="newer Loadlens"), opened(settings):
            pass
        db.client.drop_database(db.name)
