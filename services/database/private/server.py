"""The private server: one `mongod` per data folder, started by the first program, stopped with the last.

A server that dies meanwhile is started again at its address by any of the programs that use it.
"""

import json
import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event, Thread

import psutil
from filelock import FileLock
from pydantic import TypeAdapter

from services.database.errors import DatabaseUnavailable, is_disconnect
from services.database.private import address as addresses
from services.database.private import mongod
from services.database.processes import is_running, process_identity, start_detached
from services.errors import LoadlensError
from services.secret_store import writable
from services.settings import Settings
from services.whole_file import replace_text

CODE = Path(__file__).parents[3]
SECONDS_BETWEEN_CHECKS = 1
SECONDS_AFTER_FAILURE = 10
SECONDS_TO_END = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Running:
    """The server's process as written down for other programs, and the watchdog that looks after it."""

    pid: int
    created: str
    address: str
    watchdog_pid: int = 0
    watchdog_created: str = ""

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return is_running(self.pid, self.created)

    @property
    def watched(self) -> bool:
        """Whether its watchdog still runs."""
        return is_running(self.watchdog_pid, self.watchdog_created)


NOTE = TypeAdapter(Running)


class PrivateServer:
    """The server over one data folder, as seen by one program."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._folder = folder.resolve()
        self._port = port
        self._clients = self._folder / "clients"
        self._note = self._folder / "mongod.json"
        self._lock = FileLock(self._folder / "mongod.lock")

    def join(self, password: str) -> tuple[str, Path]:
        """Start the server unless it runs; its address, and the note to hand back to `leave`.

        Raises `DatabaseUnavailable` with the reason when it does not start.
        """
        with self._refused_in_words(), self._lock:
            note = register_client(self._clients)
            try:
                running = self._serving(password)
            except BaseException:
                note.unlink(missing_ok=True)
                self._stop_if_unused()
                raise
        return running.address, note

    def stay(self, password: str) -> None:
        """Start the server again if it has died, at its address: there the programs look for it.

        Raises `DatabaseUnavailable` with the reason when it does not start.
        """
        running = self._running()
        if running is None or not running.watched:
            with self._refused_in_words(), self._lock:
                self._serving(password)

    def leave(self, note: Path, password: str) -> None:
        """Stop the server if no other program uses it."""
        with self._lock:
            note.unlink(missing_ok=True)
            running = self._running()
            if running and not any_client_running(self._clients):
                mongod.shut_down(running.pid, running.address, password)
                _await_end(running)
                self._note.unlink(missing_ok=True)

    def stop_if_unused(self) -> bool:
        """Stop the server if every program that used it has died; whether it still runs."""
        with self._lock:
            return self._stop_if_unused()

    def _stop_if_unused(self) -> bool:
        running = self._running()
        if running and not any_client_running(self._clients):
            _terminate(running)
            self._note.unlink(missing_ok=True)
            return False
        return running is not None

    def _serving(self, password: str) -> Running:
        running = self._running() or self._left_behind()
        if running is None or not self._settles(running, password):
            self._end_left_behind()  # it may live where nobody can reach it
            running = self._start(password)
        return running if running.watched else self._watch(running)

    def _noted(self) -> Running | None:
        """The server that was written down last, whether it still runs or not."""
        try:
            return NOTE.validate_json(self._note.read_bytes())
        except (OSError, ValueError):
            return None

    def _running(self) -> Running | None:
        noted = self._noted()
        return noted if noted and noted.alive else None

    def _left_behind(self) -> Running | None:
        """The server of a program that died before it could note it.

        Raises `DatabaseUnavailable` where an earlier Loadlens still uses it.
        """
        found = mongod.find_running(self._folder)
        if found is None:
            return None
        pid, address, is_hardened = found
        try:
            running = Running(pid, process_identity(pid), address)
        except psutil.NoSuchProcess:
            return None  # it has just ended
        if is_hardened:
            return self._write(running)
        if other_clients_running(self._clients):
            raise DatabaseUnavailable(
                "An earlier version of Loadlens uses the private database in {folder}. Close it, and start "
                "this one again.",
                folder=self._folder,
            )
        _terminate(running)
        return None

    def _settles(self, running: Running, password: str) -> bool:
        """Wait for a server that is starting or dying; whether it can be used."""
        deadline = time.monotonic() + mongod.SECONDS_TO_START
        while running.alive and time.monotonic() < deadline:
            if mongod.accepts_password(running.pid, self._folder, running.address, password):
                return True
            time.sleep(0.02)
        return False

    def _start(self, password: str) -> Running:
        last = self._noted()
        address = addresses.choose(self._folder, self._port, last.address if last else None)

        def note(pid: int) -> None:
            self._write(Running(pid, process_identity(pid), address))

        gives_up = time.monotonic() + SECONDS_TO_END
        while (running := self._running()) is None:
            try:
                mongod.start(self._folder, password, address, self._port, note)
            except mongod.FolderInUse:
                # A killed server has the folder until the last of its threads is gone; one that nobody could
                # note has lost its socket to the one just tried.
                if time.monotonic() > gives_up:
                    raise
                self._end_left_behind()
                time.sleep(0.1)
        return running

    def _end_left_behind(self) -> None:
        if not other_clients_running(self._clients) and (running := self._left_behind()):
            _terminate(running)

    def _watch(self, running: Running) -> Running:
        watchdog = [sys.executable, "-m", "services.database.private.watchdog", str(self._folder)]
        pid = start_detached(watchdog, CODE).pid
        return self._write(replace(running, watchdog_pid=pid, watchdog_created=process_identity(pid)))

    def _write(self, running: Running) -> Running:
        replace_text(self._note, json.dumps(asdict(running)))
        return running

    @contextmanager
    def _refused_in_words(self) -> Iterator[None]:
        """What the system refuses within becomes a `DatabaseUnavailable`."""
        try:
            yield
        except OSError as error:
            if why := mongod.disk_full_reason(self._folder):
                raise DatabaseUnavailable(
                    "The private database in {folder} cannot be opened: {reason}",
                    folder=self._folder,
                    reason=why,
                ) from None
            raise DatabaseUnavailable(
                "The private database in {folder} cannot be opened: {file} is in the way or cannot be used "
                "({reason}). Move it away, or give yourself the right to it.",
                folder=self._folder,
                file=error.filename2 or error.filename or self._folder,
                reason=error.strerror or error,
            ) from None


@contextmanager
def joined(settings: Settings) -> Iterator[str]:
    """Join the running private server, and give its address; stop it at the end if nobody else uses it.

    Raises `DataFolderRefused` and `DatabaseUnavailable`, the latter also in the place of a loss within the
    context that a full disk explains.
    """
    server = PrivateServer(writable(settings.data_dir), settings.mongodb_port)
    password = settings.private_database_password
    address, note = server.join(password)
    left = Event()
    staying = Thread(target=_stay, args=(server, password, left), daemon=True)
    staying.start()
    try:
        yield address
    except Exception as error:
        if is_disconnect(error) and (why := mongod.disk_full_reason(settings.data_dir)):
            raise DatabaseUnavailable(
                "The private database in {folder} has ended: {reason}", folder=settings.data_dir, reason=why
            ) from error
        raise
    finally:
        left.set()
        staying.join()
        server.leave(note, password)


def _stay(server: PrivateServer, password: str, left: Event) -> None:
    """Look after the server until this program has left it."""
    seconds = SECONDS_BETWEEN_CHECKS
    while not left.wait(seconds):
        seconds = SECONDS_BETWEEN_CHECKS
        try:
            server.stay(password)
        except (LoadlensError, OSError) as error:
            log.warning("the private database could not be started again: %s", error)
            seconds = SECONDS_AFTER_FAILURE


def _terminate(running: Running) -> None:
    mongod.terminate(running.pid)
    _await_end(running)


def _await_end(running: Running) -> None:
    # Not psutil's wait: to it, a child that its parent never asked about runs on.
    deadline = time.monotonic() + mongod.SECONDS_TO_START
    while running.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    if not running.alive:
        addresses.clear(running.address)


CLIENT_NOTE = re.compile(r"(\d+)_([^_]+)_[0-9a-f]{8}")


def register_client(folder: Path) -> Path:
    """Note that this program uses the database; delete the file given back when it does no more."""
    folder.mkdir(exist_ok=True)
    note = folder / f"{os.getpid()}_{process_identity(os.getpid())}_{secrets.token_hex(4)}"
    note.touch()
    return note


def any_client_running(folder: Path) -> bool:
    """Return whether a program that registered still runs; notes of dead ones are cleared away."""
    return bool(_running_clients(folder))


def other_clients_running(folder: Path) -> bool:
    """Return whether a program other than this one has registered and still runs."""
    return bool(_running_clients(folder) - {os.getpid()})


def _running_clients(folder: Path) -> set[int]:
    running = set()
    for note in list(folder.glob("*")):
        named = CLIENT_NOTE.fullmatch(note.name)
        if named is None:
            continue  # somebody else's file
        if is_running(int(named[1]), named[2]):
            running.add(int(named[1]))
        else:
            note.unlink(missing_ok=True)
    return running
