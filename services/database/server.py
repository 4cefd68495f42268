"""The private `mongod`: one per data folder, started by the first program and stopped with the last."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError

from services.database import binary, clients
from services.database.unavailable import DatabaseUnavailable
from services.secret_store import writable
from services.settings import Settings

USER = "loadlens"
SECONDS_TO_START = 60
"""After a crash the server replays its journal first, which takes longer the more was written."""

DETACHED: dict[str, Any] = (
    {"creationflags": 0x08000000 | 0x00000200}  # no console window, own process group
    if sys.platform == "win32"
    else {"start_new_session": True}
)


@dataclass(frozen=True)
class Running:
    """The server's process as written down for other programs, and the keeper that watches it."""

    pid: int
    created: float
    port: int
    keeper_pid: int = 0
    keeper_created: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return clients.is_running(self.pid, self.created)

    @property
    def kept(self) -> bool:
        """Whether its keeper still runs."""
        return clients.is_running(self.keeper_pid, self.keeper_created)


class PrivateServer:
    """The server over one data folder, as seen by one program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clients = folder / "clients"
        self._note = folder / "mongod.json"
        self._lock = FileLock(folder / "mongod.lock")

    def join(self, password: str, port: int | None) -> tuple[int, Path]:
        """Start the server unless it runs; its port, and the note to hand back to `leave`.

        Raises `DatabaseUnavailable` with the reason when it does not start.
        """
        with self._lock:
            note = clients.register(self._clients)
            try:
                running = self._running()
                if running is None or not _settles(running, password):
                    running = self._start(password, port)
                self._keep(running)
            except BaseException:
                note.unlink(missing_ok=True)
                raise
        return running.port, note

    def leave(self, note: Path, password: str) -> None:
        """Stop the server if no other program uses it."""
        with self._lock:
            note.unlink(missing_ok=True)
            running = self._running()
            if running and not clients.any_running(self._clients):
                _shut_down(running, password)
                self._note.unlink(missing_ok=True)

    def stop_if_unused(self) -> bool:
        """Stop the server if every program that used it has died; whether it still runs."""
        with self._lock:
            running = self._running()
            if running and not clients.any_running(self._clients):
                psutil.Process(running.pid).terminate()
                _wait_until_gone(running)
                self._note.unlink(missing_ok=True)
                running = None
        return running is not None

    def _running(self) -> Running | None:
        try:
            running = Running(**json.loads(self._note.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return running if running.alive else None

    def _write(self, running: Running) -> None:
        draft = self._note.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(running)))
        draft.replace(self._note)

    def _start(self, password: str, port: int | None) -> Running:
        chosen = _usable_port(port)
        store = self._folder / "database"
        store.mkdir(exist_ok=True, mode=0o700)
        log = self._folder / "mongod.log"
        log_begins = log.stat().st_size if log.exists() else 0
        arguments: list[str | Path] = [
            "--dbpath",
            store,
            "--logpath",
            log,
            "--logappend",
            "--port",
            str(chosen),
        ]
        arguments += ["--bind_ip", "127.0.0.1", "--auth", "--wiredTigerCacheSizeGB", "1"]
        arguments += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        if sys.platform != "win32":
            arguments.append("--nounixsocket")
        process = subprocess.Popen(
            [binary.mongod(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **DETACHED,
        )
        try:
            _wait_until_ready(process, chosen, password)
        except BaseException as error:
            process.kill()
            process.wait()
            if isinstance(error, DatabaseUnavailable):
                raise
            raise DatabaseUnavailable(
                "The private database in {folder} did not start: {reason} The whole story is in {log}.",
                folder=store,
                reason=_last_complaint(log, log_begins) or f"{error}.",
                log=log,
            ) from error
        running = Running(process.pid, psutil.Process(process.pid).create_time(), chosen)
        self._write(running)
        return running

    def _keep(self, running: Running) -> None:
        if running.kept:
            return
        keeper = subprocess.Popen(
            [sys.executable, "-m", "services.database.keeper", self._folder.resolve()],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **DETACHED,
        )
        created = psutil.Process(keeper.pid).create_time()
        self._write(Running(running.pid, running.created, running.port, keeper.pid, created))


@contextmanager
def joined(settings: Settings) -> Iterator[int]:
    """The port of the running private server; it is stopped at the end if nobody else uses it.

    Raises `DataFolderRefused` and `DatabaseUnavailable`.
    """
    server = PrivateServer(writable(settings.data_dir))
    password = settings.private_database_password
    port, note = server.join(password, settings.mongodb_port)
    try:
        yield port
    finally:
        server.leave(note, password)


def _usable_port(wanted: int | None) -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError:
            raise DatabaseUnavailable(
                "Port {port} is in use by another program. Name a free one in MONGODB_PORT, "
                "or leave it out and Loadlens finds one.",
                port=wanted,
            ) from None
        port: int = probe.getsockname()[1]
    return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, password: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(port, password):
        if process.poll() is not None:
            raise RuntimeError(f"mongod ended with code {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"mongod did not answer within {SECONDS_TO_START} seconds")
        time.sleep(0.02)


def _settles(running: Running, password: str) -> bool:
    """Wait for a server that is starting or dying; whether it can be used."""
    deadline = time.monotonic() + SECONDS_TO_START
    while running.alive and time.monotonic() < deadline:
        if _answers(running.port, password):
            return True
        time.sleep(0.02)
    return False


def _answers(port: int, password: str) -> bool:
    # The port is tried by hand first: pymongo waits half a second between its own attempts.
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) != 0:
            return False
    try:
        with _client(port, password) as client:
            client.admin.command("ping")
    except OperationFailure:
        _create_user(port, password)
    except PyMongoError:
        return False
    return True


def _client(port: int, password: str | None) -> MongoClient[dict[str, Any]]:
    login: dict[str, Any] = {"username": USER, "password": password} if password else {}
    return MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=2000, **login)


def _create_user(port: int, password: str) -> None:
    """Make the one user of a new database: the server lets the first be made without signing in."""
    try:
        with _client(port, None) as client:
            client.admin.command("createUser", USER, pwd=password, roles=["root"])
    except OperationFailure:
        raise DatabaseUnavailable(
            "The private database does not accept this installation's password: secrets.json in the data "
            "folder was replaced or lost. Put the old file back, or move the folder 'database' away to "
            "start afresh."
        ) from None


def _shut_down(running: Running, password: str) -> None:
    try:
        with _client(running.port, password) as client:
            client.admin.command("shutdown")
    except AutoReconnect:
        pass  # the answer to a shutdown is a closed connection
    except PyMongoError:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(running.pid).terminate()
    _wait_until_gone(running)


def _wait_until_gone(running: Running) -> None:
    # Not psutil's wait: to it, a child that its parent never asked about runs on.
    deadline = time.monotonic() + SECONDS_TO_START
    while running.alive and time.monotonic() < deadline:
        time.sleep(0.02)


def _last_complaint(log: Path, begins: int) -> str:
    """The last error that the server wrote to its log since byte ``begins``, as one sentence."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(begins)
        lines = file.read().splitlines()
    for line in reversed(lines):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("s") in {"E", "F"}:
            detail = entry.get("attr", {}).get("error", "")
            return f"{entry['msg']}{': ' if detail else ''}{detail}."
    return ""
