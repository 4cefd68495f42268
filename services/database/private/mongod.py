"""One `mongod` process over a folder: started until it answers, and shut down."""

import json
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError, ServerSelectionTimeoutError

from services.database.private.binary import mongod
from services.database.processes import start_detached
from services.database.unavailable import DatabaseUnavailable

USER = "loadlens"
MOST_LOG_BYTES = 10 << 20
LEAST_ROOM = 32 << 20
"""With less free, it is for want of room that a server does not come up."""
SECONDS_TO_START = 60
"""After a crash the server replays its journal first, which takes longer the more was written."""


class _NotStarted(Exception):
    """Why the process did not come up, where its log does not tell."""


def start(folder: Path, password: str, port: int | None) -> tuple[int, int]:
    """Start a server on loopback, a free port unless given, that asks for the password; its pid and port.

    Raises `DatabaseUnavailable` with the reason when it does not come up.
    """
    chosen = _usable_port(port)
    store, log = folder / "database", folder / "mongod.log"
    store.mkdir(exist_ok=True, mode=0o700)
    _put_aside(log)
    log_begins = log.stat().st_size if log.exists() else 0
    process = start_detached([mongod(), *_arguments(store, log, chosen)])
    try:
        _wait_until_ready(process, chosen, password)
    except _NotStarted as error:
        raise DatabaseUnavailable(
            "The private database in {folder} did not start: {reason} The whole story is in {log}.",
            folder=store,
            reason=lack_of_room(folder) or _last_complaint(log, log_begins) or f"{error}.",
            log=log,
        ) from None
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process.pid, chosen


def running_over(folder: Path) -> tuple[int, int] | None:
    """The pid and port of a server that has the database open, by the note that it keeps there itself."""
    store = folder / "database"
    try:
        pid = int((store / "mongod.lock").read_text())
        arguments = psutil.Process(pid).cmdline()
        port = int(arguments[arguments.index("--port") + 1])
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return (pid, port) if str(store) in arguments else None


def answers(port: int, password: str) -> bool:
    """Whether a server listens there and takes the password; the user of a new one is made on the way."""
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


def lack_of_room(folder: Path) -> str:
    """What is to be said of a full disk, to whose log the server cannot complain any more."""
    free = shutil.disk_usage(folder).free
    if free >= LEAST_ROOM:
        return ""
    return f"its disk is full ({free >> 20} MB are free). Make room there; what was stored is not lost."


def shut_down(pid: int, port: int, password: str) -> None:
    """Ask the server to end; it may take a moment to be gone."""
    try:
        with _client(port, password) as client:
            client.admin.command("shutdown")
    except ServerSelectionTimeoutError:
        # It hangs. What it has confirmed is in its journal, which its next start reads.
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
    except AutoReconnect:
        pass  # the answer to a shutdown is a closed connection
    except PyMongoError:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).terminate()


def _arguments(store: Path, log: Path, port: int) -> list[str | Path]:
    arguments: list[str | Path] = ["--dbpath", store, "--logpath", log, "--logappend"]
    arguments += ["--bind_ip", "127.0.0.1", "--port", str(port), "--auth"]
    arguments += ["--wiredTigerCacheSizeGB", "1", "--setParameter", "diagnosticDataCollectionEnabled=false"]
    return arguments if sys.platform == "win32" else [*arguments, "--nounixsocket"]


def _put_aside(log: Path) -> None:
    """A long log is kept once more under another name; the server only ever adds to it."""
    with suppress(OSError):
        if log.stat().st_size > MOST_LOG_BYTES:
            log.replace(log.with_name("mongod.1.log"))


def _usable_port(wanted: int | None) -> int:
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it lets two programs share a port
            # Else connections of a server that died a moment ago keep its port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
    while not answers(port, password):
        if process.poll() is not None:
            raise _NotStarted(f"mongod ended with code {process.returncode}")
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise _NotStarted(f"mongod did not answer within {SECONDS_TO_START} seconds")
        time.sleep(0.02)


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
