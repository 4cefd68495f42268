"""The private server: one `mongod` per data folder, started by the first program, stopped with the last.

A server that dies meanwhile is started again on its port by any of the programs that use it.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event, Thread

import psutil
from filelock import FileLock

from services.database.private import clients, mongod
from services.database.processes import began, is_running, start_detached
from services.database.unavailable import DatabaseUnavailable, is_loss
from services.errors import LoadlensError
from services.secret_store import writable
from services.settings import Settings

CODE = Path(__file__).parents[3]
LOOK_SECONDS = 1
SECONDS_AFTER_FAILURE = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Running:
    """The server's process as written down for other programs, and the keeper that watches it."""

    pid: int
    created: str
    port: int
    keeper_pid: int = 0
    keeper_created: str = ""

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return is_running(self.pid, self.created)

    @property
    def kept(self) -> bool:
        """Whether its keeper still runs."""
        return is_running(self.keeper_pid, self.keeper_created)


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
                running = self._serving(password, port)
            except BaseException:
                note.unlink(missing_ok=True)
                raise
        return running.port, note

    def stay(self, password: str, port: int) -> None:
        """Start the server again if it has died, on its port: there the programs look for it.

        Raises `DatabaseUnavailable` with the reason when it does not start.
        """
        running = self._running()
        if running is None or not running.kept:
            with self._lock:
                self._serving(password, port)

    def leave(self, note: Path, password: str) -> None:
        """Stop the server if no other program uses it."""
        with self._lock:
            note.unlink(missing_ok=True)
            running = self._running()
            if running and not clients.any_running(self._clients):
                mongod.shut_down(running.pid, running.port, password)
                self._forget(running)

    def stop_if_unused(self) -> bool:
        """Stop the server if every program that used it has died; whether it still runs."""
        with self._lock:
            running = self._running()
            if running and not clients.any_running(self._clients):
                with suppress(psutil.NoSuchProcess):
                    psutil.Process(running.pid).terminate()
                self._forget(running)
                running = None
        return running is not None

    def _serving(self, password: str, port: int | None) -> Running:
        running = self._running() or self._left_behind()
        if running is None or not _settles(running, password):
            running = self._start(password, port)
        return running if running.kept else self._keep(running)

    def _running(self) -> Running | None:
        try:
            running = Running(**json.loads(self._note.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return running if running.alive else None

    def _left_behind(self) -> Running | None:
        """The server of a program that died before it could note it."""
        found = mongod.running_over(self._folder)
        return self._write(Running(found[0], began(found[0]), found[1])) if found else None

    def _start(self, password: str, port: int | None) -> Running:
        pid, chosen = mongod.start(self._folder, password, port)
        return self._write(Running(pid, began(pid), chosen))

    def _keep(self, running: Running) -> Running:
        keeper = [sys.executable, "-m", "services.database.private.keeper", str(self._folder.resolve())]
        pid = start_detached(keeper, CODE).pid
        return self._write(replace(running, keeper_pid=pid, keeper_created=began(pid)))

    def _write(self, running: Running) -> Running:
        draft = self._note.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(running)))
        draft.replace(self._note)
        return running

    def _forget(self, running: Running) -> None:
        # Not psutil's wait: to it, a child that its parent never asked about runs on.
        deadline = time.monotonic() + mongod.SECONDS_TO_START
        while running.alive and time.monotonic() < deadline:
            time.sleep(0.02)
        self._note.unlink(missing_ok=True)


@contextmanager
def joined(settings: Settings) -> Iterator[int]:
    """The port of the running private server; it is stopped at the end if nobody else uses it.

    Raises `DataFolderRefused` and `DatabaseUnavailable`, the latter also in the place of a loss within the
    context that a full disk explains.
    """
    server = PrivateServer(writable(settings.data_dir))
    password = settings.private_database_password
    port, note = server.join(password, settings.mongodb_port)
    left = Event()
    staying = Thread(target=_stay, args=(server, password, port, left), daemon=True)
    staying.start()
    try:
        yield port
    except Exception as error:
        if is_loss(error) and (why := mongod.lack_of_room(settings.data_dir)):
            raise DatabaseUnavailable(
                "The private database in {folder} has ended: {reason}", folder=settings.data_dir, reason=why
            ) from error
        raise
    finally:
        left.set()
        staying.join()
        server.leave(note, password)


def _stay(server: PrivateServer, password: str, port: int, left: Event) -> None:
    """Look after the server until this program has left it."""
    seconds = LOOK_SECONDS
    while not left.wait(seconds):
        seconds = LOOK_SECONDS
        try:
            server.stay(password, port)
        except (LoadlensError, OSError) as error:
            log.warning("the private database could not be started again: %s", error)
            seconds = SECONDS_AFTER_FAILURE


def _settles(running: Running, password: str) -> bool:
    """Wait for a server that is starting or dying; whether it can be used."""
    deadline = time.monotonic() + mongod.SECONDS_TO_START
    while running.alive and time.monotonic() < deadline:
        if mongod.answers(running.port, password):
            return True
        time.sleep(0.02)
    return False
