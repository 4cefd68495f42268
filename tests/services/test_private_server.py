"""Who gets at the private `mongod`, and what it makes of a folder that is not as it left it."""

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services import accounts
from services.database import DatabaseUnavailable, opened
from services.database.backup.archive import open_archive
from services.database.private import address, mongod, user
from services.settings import Settings

NOBODY = 65534
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such sockets there")
AS_ROOT = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be somebody else"
)
CONNECTS = """
import os, socket, sys
os.setgid(int(sys.argv[2])), os.setgroups([]), os.setuid(int(sys.argv[2]))
with socket.socket(socket.AF_UNIX) as there:
    there.connect(sys.argv[1])
"""


def settings_in(folder: Path, **more: object) -> Settings:
    return Settings(_env_file=None, loadlens_data_dir=folder, **more)  # type: ignore[arg-type]


def secrets_in(folder: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads((folder / "secrets.json").read_text())
    return known


def note(folder: Path) -> str:
    """Open the database and store something; where it was."""
    with opened(settings_in(folder)) as db:
        db["notes"].replace_one({"_id": 1}, {"_id": 1}, upsert=True)
        assert db.client.address is not None
        return db.client.address[0]


@contextmanager
def as_root_of_it(folder: Path) -> Iterator[MongoClient[dict[str, object]]]:
    with opened(settings_in(folder)) as db:
        yield db.client


@UNIX
@AS_ROOT
def test_other_users_of_the_machine_cannot_even_connect(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # so that it is the socket's own folder that keeps them out
    with opened(settings_in(tmp_path)) as db:
        path = db.client.address[0]
        said = [
            subprocess.run([sys.executable, "-c", CONNECTS, path, str(who)], capture_output=True, text=True)
            for who in (0, NOBODY)
        ]
    assert [one.returncode for one in said] == [0, 1]
    assert "PermissionError" in said[1].stderr


@UNIX
@pytest.mark.parametrize("run_time", [True, False])
def test_a_folder_too_deep_for_a_socket_has_it_in_one_of_the_run_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_time: bool
) -> None:
    short = Path(tempfile.mkdtemp())
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short) if run_time else "")
    monkeypatch.setattr(tempfile, "tempdir", str(short))
    deep = tmp_path / ("deep" * 30)
    try:
        with opened(settings_in(deep)) as db:
            path = Path(db.client.address[0])
            assert path.is_relative_to(short)
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            db["notes"].insert_one({"_id": 1})
            with opened(settings_in(deep)) as again:
                assert again.client.address == db.client.address
        assert not list(short.iterdir()), "nothing is left of it"
    finally:
        shutil.rmtree(short)


@UNIX
@AS_ROOT
def test_a_folder_that_another_user_has_made_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    os.chown(tmp_path / "run", NOBODY, NOBODY)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    path = Path(note(tmp_path))
    assert not path.is_relative_to(tmp_path)


@UNIX
def test_a_socket_that_a_killed_server_left_stops_no_start(tmp_path: Path) -> None:
    with opened(settings_in(tmp_path)) as db:
        path = Path(db.client.address[0])
    path.parent.mkdir(mode=0o755)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert Path(note(tmp_path)) == path


@pytest.mark.parametrize("reached", ["neither", "the file", "the server"])
def test_a_password_of_earlier_versions_is_replaced_even_if_killed_meanwhile(
    tmp_path: Path, reached: str
) -> None:
    note(tmp_path)
    new = secrets_in(tmp_path)["databasePassword"]
    if reached != "the server":
        with as_root_of_it(tmp_path) as client:
            client.admin.command("updateUser", "loadlens", pwd="leaked")
    known = {"privateDatabasePassword": "leaked"} | (
        {} if reached == "neither" else {"databasePassword": new}
    )
    (tmp_path / "secrets.json").write_text(json.dumps(known))
    with opened(settings_in(tmp_path, mongodb_port=address.free_port(None))) as db:
        assert db["notes"].find_one()
        for password in ("leaked", secrets_in(tmp_path)["databasePassword"]):
            stranger: MongoClient[dict[str, object]] = MongoClient(
                address.uri(db.client.address[0]), **{**user.LOGIN, "password": password}
            )
            with stranger:
                if password == "leaked":
                    with pytest.raises(OperationFailure, match="Authentication failed"):
                        stranger.admin.command("ping")
                else:
                    stranger.admin.command("ping")
    assert "privateDatabasePassword" not in secrets_in(tmp_path)
    note(tmp_path)


def test_a_user_is_made_in_a_new_folder_alone(tmp_path: Path) -> None:
    note(tmp_path)
    with as_root_of_it(tmp_path) as client:
        client.admin.command("dropUser", "loadlens")
    with pytest.raises(DatabaseUnavailable, match=r"does not accept this installation's password"):
        note(tmp_path)
    (tmp_path / "database.new").touch()  # as who is killed before the user is there leaves it
    note(tmp_path)
    assert not (tmp_path / "database.new").exists()
    (tmp_path / "database.new").touch()  # as who is killed right after
    note(tmp_path)


def test_lost_secrets_are_a_sentence_and_no_server_is_left(tmp_path: Path) -> None:
    note(tmp_path)
    (tmp_path / "secrets.json").unlink()
    with pytest.raises(DatabaseUnavailable, match=r"secrets\.json in the data folder was replaced or lost"):
        note(tmp_path)
    assert mongod.find_running(tmp_path) is None


class Impostor:
    """A program that has taken the port first, and keeps whatever it is told."""

    def __init__(self) -> None:
        self.heard = b""
        self._listening = socket.create_server((address.LOOPBACK, 0))
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                there, _ = self._listening.accept()
            except OSError:
                return
            there.settimeout(1)
            with there:
                self.heard += there.recv(1 << 16)

    def close(self) -> None:
        self._listening.close()


def test_without_sockets_nothing_is_said_to_a_port_that_is_not_our_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "HAS_SOCKETS", False)
    with opened(settings_in(tmp_path)) as db:
        host, port = db.client.address
        assert (host, db["settings"].count_documents({})) == (address.LOOPBACK, 1)
        assert address.is_listening(f"{host}:{port}", db.client.admin.command("serverStatus")["pid"])
        assert not address.is_listening(f"{host}:{port}", os.getpid())
        assert not address.are_connections_of(f"{host}:{port}", os.getpid())
    impostor = Impostor()
    monkeypatch.setattr(address, "free_port", lambda wanted: impostor.port)
    try:
        with pytest.raises(DatabaseUnavailable, match=r"did not start: .*Address already in use"):
            note(tmp_path)
    finally:
        impostor.close()
    assert impostor.heard == b""


def test_a_fixed_port_is_for_other_programs_and_loadlens_keeps_to_the_socket(tmp_path: Path) -> None:
    port = address.free_port(None)
    with opened(settings_in(tmp_path, mongodb_port=port)) as db:
        there: MongoClient[dict[str, object]] = MongoClient(
            address.LOOPBACK, port, **user.LOGIN, password=secrets_in(tmp_path)["databasePassword"]
        )
        with there:
            assert there[db.name]["settings"].count_documents({}) == 1
        assert address.is_socket(db.client.address[0]) == address.HAS_SOCKETS


def test_a_server_that_an_earlier_version_left_running_is_replaced(tmp_path: Path) -> None:
    note(tmp_path)
    port = str(address.free_port(None))
    arguments = ["--dbpath", str(tmp_path / "database"), "--logpath", str(tmp_path / "mongod.log")]
    arguments += ["--logappend", "--auth", "--bind_ip", address.LOOPBACK, "--port", port, "--nounixsocket"]
    left = subprocess.Popen([mongod.find_mongod(), *arguments], stdout=subprocess.DEVNULL)
    try:
        while not address.is_listening(f"{address.LOOPBACK}:{port}", left.pid):
            assert left.poll() is None
        with opened(settings_in(tmp_path)) as db:
            assert db["notes"].find_one()
            assert db.client.admin.command("serverStatus")["pid"] != left.pid
        assert left.wait(60) == 0, "asked to end, not killed"
    finally:
        left.kill()
        left.wait()


def test_files_of_an_older_server_are_backed_up_before_they_are_the_newer_ones(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        version = db.client.server_info()["version"]
        if not version.startswith("6.0"):
            pytest.skip("which version is the one before is known of this one")
        db.client.admin.command("setFeatureCompatibilityVersion", "5.0")
    for _ in range(2):
        with opened(settings) as db:
            told = db.client.admin.command("getParameter", 1, featureCompatibilityVersion=1)
            assert told["featureCompatibilityVersion"] == {"version": "6.0"}
            assert db["users"].count_documents({}) == 1
        [path] = settings.backups_dir.iterdir()
        assert f"{settings.mongodb_name} before MongoDB 6.0" in path.name
    with open_archive(path, settings.signing_key) as archive:
        assert archive.made_here


def _a_file(name: str, text: str = "in the way") -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


def _a_folder(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).mkdir()


def _stray_notes(folder: Path) -> None:
    (folder / "clients").mkdir()
    for name in ("a_b_c", "notes.txt", "1_2_3_4", "x_1_2", "99999999999999999999_1_00000000"):
        (folder / "clients" / name).touch()
    (folder / "clients" / "a_folder_here").mkdir()


@pytest.mark.parametrize(
    "stray",
    [
        _stray_notes,
        _a_file("mongod.json", "[1, 2]"),
        _a_file("mongod.json", '{"pid": "x", "created": 1, "address": 2}'),
        _a_file("mongod.json", '{"pid": 1, "created": "x", "address": 2}'),
        _a_file("mongod.json", '{"pid": 4, "port": 27017}'),
        _a_file("run"),
    ],
)
def test_stray_files_in_the_data_folder_do_no_harm(tmp_path: Path, stray: Callable[[Path], object]) -> None:
    stray(tmp_path)
    note(tmp_path)


@pytest.mark.parametrize(
    "stray",
    [
        _a_file("database"),
        _a_file("clients"),
        _a_folder("mongod.json"),
        _a_folder("mongod.lock"),
        _a_folder("mongod.log"),
    ],
)
def test_what_is_in_the_way_of_the_database_is_named(tmp_path: Path, stray: Callable[[Path], object]) -> None:
    stray(tmp_path)
    with pytest.raises(DatabaseUnavailable, match=r"cannot be opened: \S+ is in the way"):
        note(tmp_path)
    assert mongod.find_running(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a program", "Exec format error"),
        (b"#!/bin/sh\necho 'no libcrypto' >&2; exit 127\n", "no libcrypto"),
    ],
)
@UNIX
def test_a_server_that_cannot_be_run_here_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    program = tmp_path / "mongod"
    program.write_bytes(content)
    program.chmod(0o755)
    monkeypatch.setattr(mongod, "find_mongod", lambda: program)
    with pytest.raises(DatabaseUnavailable, match=rf"{program} cannot be run on this machine: .*{said}"):
        note(tmp_path / "data")
