"""The process that reads one file (`services.readers`): started, asked, watched and ended."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from services.messages import N_, gettext
from services.progress import Progress
from services.readers import limits
from services.readers.protocol import ProtocolError, read_answer
from services.readers.sheet import FileRefused

ROOT = Path(__file__).parents[2]
"""The folder that holds the package `services`."""
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
"""Other allocators reserve gigabytes that they do not use, which the limit of memory would count."""
TEMPORARY = ("TMPDIR", "TEMP", "TMP")
"""What names the folder of temporary files: the process has one of its own, which goes with it."""
POLL_S = 0.02
"""Seconds between two checks of time and memory."""
IDLE = 5.0
"""Seconds after which a process that is asked nothing is ended; another is started when it is wanted."""
BROKE_OFF = N_("reading it broke off, as it does when two cells lie too far apart")
OUT_OF_MEMORY = b"memory allocation of"
"""What the libraries that read workbooks say before they end the process."""
LONGEST_STDERR = 10_000

Request = Mapping[str, Any]


class FileReader:
    """Reads one file outside this program, within one deadline and one limit of memory for all it holds.

    The process ends when it is let alone, on any error, and with this object. May be asked by any thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._stamp = _stamp(self._path)
        self._lock = threading.Lock()
        self._spent: dict[str, float] = {}
        self._workers: list[_Worker] = []
        self._timer: threading.Timer | None = None
        weakref.finalize(self, _end, self._workers)

    def ask(self, what: str, requests: Sequence[Request], progress: Progress) -> list[Any]:
        """Return the answer to each request, each made to a process of its own: values or Arrow tables.

        ``what`` is read counts once for the deadline, however often it is asked for. Raises `FileRefused`,
        and whatever ``progress`` raises.
        """
        while not self._lock.acquire(timeout=POLL_S):
            progress("Reading the file", 0, 1)
        try:
            return self._ask(what, requests, progress)
        finally:
            self._lock.release()

    def _ask(self, what: str, requests: Sequence[Request], progress: Progress) -> list[Any]:
        self._check_unchanged()
        self._start(len(requests))
        cost = _costs(self._workers)
        left = limits.SECONDS - sum(spent for other, spent in self._spent.items() if other != what)
        if left <= 0:
            _end(self._workers)
            raise limits.too_slow(self._path)
        with ThreadPoolExecutor(len(requests)) as beside:
            pairs = zip(self._workers, requests, strict=False)
            futures = [beside.submit(worker.ask, request) for worker, request in pairs]
            try:
                self._watch(futures, lambda: cost() > left, progress)
                answers = [future.result() for future in futures]
            except ProtocolError:
                raise self._broken() from None
            except BaseException:
                _end(self._workers)
                raise
        self._spent[what] = cost()
        self._check_unchanged()
        self._end_when_idle()
        return answers

    def _start(self, count: int) -> None:
        if self._timer:
            self._timer.cancel()
        if any(not worker.is_alive() for worker in self._workers):
            _end(self._workers)
        while len(self._workers) < count:
            self._workers.append(_Worker(self._path))

    def _watch(self, futures: Sequence[Future[Any]], is_late: Callable[[], bool], progress: Progress) -> None:
        while True:
            progress("Reading the file", 0, 1)
            if not wait(futures, POLL_S).not_done:
                return
            if is_late():
                raise limits.too_slow(self._path)
            if sum(worker.memory() for worker in self._workers) > limits.MEMORY:
                raise limits.too_much_memory(self._path)

    def _broken(self) -> FileRefused:
        out_of_memory = any(worker.is_out_of_memory() for worker in self._workers)
        _end(self._workers)
        if out_of_memory:
            return limits.too_much_memory(self._path)
        return limits.unreadable(self._path, gettext(BROKE_OFF))

    def _check_unchanged(self) -> None:
        if _stamp(self._path) != self._stamp:
            _end(self._workers)
            raise FileRefused(
                "{file} has changed while it was being read. Wait until it is whole, and open it again.",
                file=self._path.name,
            )

    def _end_when_idle(self) -> None:
        self._timer = threading.Timer(IDLE, _end_idle, [weakref.ref(self)])
        self._timer.daemon = True
        self._timer.start()


def _end_idle(reference: "weakref.ref[FileReader]") -> None:
    reader = reference()
    if reader is not None and reader._lock.acquire(blocking=False):
        try:
            _end(reader._workers)
        finally:
            reader._lock.release()


def _end(workers: list["_Worker"]) -> None:
    while workers:
        workers.pop().end()


def _costs(workers: Sequence["_Worker"]) -> Callable[[], float]:
    """Return what tells how many seconds of a processor the busiest process has taken from now on."""
    began, before = time.monotonic(), [worker.seconds() for worker in workers]

    def cost() -> float:
        taken = (worker.seconds() - then for worker, then in zip(workers, before, strict=False))
        return max((time.monotonic() - began) / limits.PATIENCE, *taken)

    return cost


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what differs once the file is written or replaced; raises `FileRefused` for no regular file."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileRefused("{file} cannot be opened: {reason}.", file=path.name, reason=reason) from None
    # A pipe or device would wait or never end.
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused("{file} is no file. Choose a spreadsheet.", file=path.name)
    if not found.st_size:
        raise FileRefused("{file} is empty.", file=path.name)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class _Worker:
    """One process that reads the file."""

    def __init__(self, path: Path) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the process
        self._folder = tempfile.TemporaryDirectory(prefix="loadlens-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services.readers", str(path)],
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT, **dict.fromkeys(TEMPORARY, self._folder.name)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def ask(self, request: Request) -> Any:
        """Wait for the answer. Raises `FileRefused` and `Broken`."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return read_answer(self._process.stdout)
        except (OSError, ValueError):  # it has been ended
            raise ProtocolError from None

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def memory(self) -> int:
        """Return the memory (bytes) that it takes now."""
        with suppress(psutil.Error):  # it has ended
            return sum(process.memory_info().rss for process in self._processes())
        return 0

    def seconds(self) -> float:
        """Return seconds of a processor that it has taken."""
        with suppress(psutil.Error):
            return sum(sum(process.cpu_times()[:2]) for process in self._processes())
        return 0.0

    def _processes(self) -> list[psutil.Process]:
        try:
            process = psutil.Process(self._process.pid)
            # A virtual environment's python.exe only starts another one.
            return [process, *(process.children(recursive=True) if os.name == "nt" else [])]
        except psutil.Error:
            return []

    def is_out_of_memory(self) -> bool:
        """Return whether it ended for want of memory."""
        self._stderr.seek(0)
        return OUT_OF_MEMORY in self._stderr.read(LONGEST_STDERR)

    def end(self) -> None:
        """Kill it, whatever it is at; nothing of it remains."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            with suppress(OSError):  # what could not be sent any more
                stream.close()  # type: ignore[union-attr]
        self._folder.cleanup()
