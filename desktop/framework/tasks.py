"""Run a plain callable off the GUI thread: progress, cancel, result, error."""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

from desktop.framework import native_libraries as memory
from services.errors import LoadlensError
from services.messages import N_, gettext
from services.progress import Cancelled

UNEXPECTED = N_("Something went wrong inside Loadlens. Try again; the details are in its log.")
"""What is said of an error that nobody foresaw."""

log = logging.getLogger(__name__)

THREADS = 8
"""More than processors: most tasks wait for the database, and a training must not hold up a page."""
SECONDS_BETWEEN_REPORTS = 1 / 30
SECONDS_BEFORE_ESTIMATE = 0.5
"""A pace measured over less is mostly noise."""


class Task(QObject):
    """A callable at work. Signals arrive on the GUI thread; exactly one of ``succeeded`` (its result),
    ``failed`` (a translated sentence) and ``cancelled`` comes, then ``finished``.

    ``progressed``: translated stage, units done, units in all, seconds left in the stage (-1 unknown).
    Destroying the task, or its parent, cancels the work.
    """

    progressed = Signal(str, int, int, float)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.error: LoadlensError | None = None
        """The refusal behind ``failed``, for whoever needs to know its kind."""
        self._stop = stop = Event()
        self._is_dropped = False
        # Not the bound method: Qt would not hold the event, which may be gone by then.
        self.destroyed.connect(lambda: stop.set())

    def cancel(self) -> None:
        """Stop at the next report of progress; what the callable did until then, it undoes."""
        self._stop.set()

    def drop(self) -> None:
        """Cancel; end with ``cancelled`` even where the result is on its way to the GUI thread already."""
        self._is_dropped = True
        self.cancel()


class _Mailbox(QObject):
    """Takes calls from any thread to the GUI thread; unlike the tasks it speaks for, never destroyed."""

    posted = Signal(object)
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.posted.connect(self._open, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _open(self, call: Callable[[], None]) -> None:
        call()


class _Meter:
    """A `Progress` that passes on few reports, with the time left reckoned from the stage's own pace."""

    def __init__(self, task: Task, stop: Event) -> None:
        self._task, self._stop = task, stop
        self._stage: str | None = None
        self._latest: tuple[str, int, int] | None = None
        self._began = self._told = 0.0
        self._first = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled
        if (stage, done, total) == self._latest:
            return
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._first, self._told = stage, now, done, 0.0
        if done < total and now - self._told < SECONDS_BETWEEN_REPORTS:
            return
        self._told, self._latest = now, (stage, done, total)
        report = (gettext(stage), done, total, self._seconds_left(now, done, total))
        _mailbox.posted.emit(partial(_tell, self._task, "progressed", *report))

    def _seconds_left(self, now: float, done: int, total: int) -> float:
        elapsed, gained = now - self._began, done - self._first
        if gained <= 0 or elapsed < SECONDS_BEFORE_ESTIMATE:
            return -1.0
        return elapsed / gained * (total - done)


_mailbox = _Mailbox()
_pool = QThreadPool()
_pool.setMaxThreadCount(THREADS)
_running: set[Event] = set()

refused = _mailbox.refused
"""Signal with the `LoadlensError` of every task that was refused, whoever started it."""


def run(work: Callable[..., object], *args: object, parent: QObject, with_progress: bool = False) -> Task:
    """Start ``work(*args)`` on a thread of the pool; with ``with_progress`` it gets a `Progress` as well.

    The task belongs to ``parent`` and deletes itself when it has finished.
    """
    memory.load_arrow()  # here, because the threads of the pool end
    task = Task(parent)
    stop = task._stop
    if with_progress:
        args = (*args, _Meter(task, stop))
    _running.add(stop)
    _pool.start(partial(_work, task, stop, partial(work, *args), with_progress))
    return task


def stop_all() -> None:
    """Cancel every task and wait until each has undone what it had half done."""
    for stop in list(_running):
        stop.set()
    _pool.waitForDone()


def _work(task: Task, stop: Event, work: Callable[[], object], heeds_cancel: bool) -> None:
    """On a thread of the pool: do the work and post its end."""
    end: Callable[[], None]
    try:
        if stop.is_set():
            raise Cancelled
        result = work()
        if stop.is_set() and not heeds_cancel:
            raise Cancelled  # whoever cancelled does not wait for the result any more
        end = partial(_finish, task, "succeeded", result)
    except Cancelled:
        end = partial(_finish, task, "cancelled")
    except LoadlensError as error:
        log.info("refused: %s", error)
        end = partial(_refuse, task, error)
    except Exception as error:
        end = _end_of(task, error)
    finally:
        _running.discard(stop)
    _mailbox.posted.emit(end)


def _end_of(task: Task, error: Exception) -> Callable[[], None]:
    """How a task ends whose error has no sentence of its own; a lost connection has one for all of them."""
    from services.database import connection_lost, is_disconnect  # not before the first window

    if is_disconnect(error):
        return partial(_refuse, task, connection_lost())
    log.exception("a task failed")
    return partial(_finish, task, "failed", gettext(UNEXPECTED))


def _refuse(task: Task, error: LoadlensError) -> None:
    if isValid(task):
        task.error = error
        _finish(task, "failed", str(error))
        _mailbox.refused.emit(error)


def _finish(task: Task, signal: str, *values: object) -> None:
    if isValid(task) and task._is_dropped:
        signal, values = "cancelled", ()
    _tell(task, signal, *values)
    _tell(task, "finished")
    if isValid(task):
        task.deleteLater()


def _tell(task: Task, signal: str, *values: object) -> None:
    if isValid(task):
        getattr(task, signal).emit(*values)
