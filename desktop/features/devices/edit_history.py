"""Edits that can be undone and done again, one after the other, off the GUI thread."""

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.alerts import evaluate
from services.devices import DeviceRefused
from services.progress import Progress
from services.scope import Scope

AT_ONCE = 20
"""Devices whose alerts are looked for together."""

Command = Callable[[Scope], object]
Told = Callable[[str], None]


class Edit(QUndoCommand):
    """A change and its opposite, both calls of services; ``text`` says what it does.

    ``threshold_ids``: the devices whose alerts may be others afterwards.
    """

    def __init__(self, text: str, do: Command, undo: Command, threshold_ids: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.do_command, self.undo_command = do, undo
        self.threshold_ids = threshold_ids


class EditHistory(QObject):
    """``done`` when an edit was done, undone or done again, ``moved`` when others can be; then, where it
    touched thresholds, ``alerts_changed``, or ``failed`` if they could not be looked for.

    The stack only follows what the database has taken: its commands do nothing of their own. What is
    asked for while an edit is under way waits for it.
    """

    done = Signal()
    moved = Signal()
    alerts_changed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stack = QUndoStack(self)
        self._stack.indexChanged.connect(self.moved)
        self._waiting: deque[Callable[[], Task | None]] = deque()
        self._task: Task | None = None

    @property
    def undo_text(self) -> str:
        """What would be undone; empty if nothing can be."""
        return self._stack.undoText()

    @property
    def redo_text(self) -> str:
        """What would be done again; empty if nothing can be."""
        return self._stack.redoText()

    def do(self, edit: Edit, refused: Told) -> None:
        """Do an edit; ``refused`` is told why, if it is."""
        self._queue(lambda: self._start(edit, edit.do_command, lambda: self._stack.push(edit), refused))

    def undo(self, refused: Told) -> None:
        """Undo the latest edit; where that cannot be any more, all before it are forgotten too."""
        self._queue(lambda: self._step(-1, self._stack.undo, refused))

    def redo(self, refused: Told) -> None:
        """Do again what was undone."""
        self._queue(lambda: self._step(0, self._stack.redo, refused))

    def forget(self) -> None:
        """What was done cannot be undone any more."""
        self._stack.clear()

    def _step(self, offset: int, follow: Callable[[], None], refused: Told) -> Task | None:
        edit = self._stack.command(self._stack.index() + offset)
        if not isinstance(edit, Edit):
            return None
        command = edit.undo_command if offset else edit.do_command
        task = self._start(edit, command, follow, refused)
        task.failed.connect(lambda _why: self.forget() if isinstance(task.error, DeviceRefused) else None)
        return task

    def _start(self, edit: Edit, command: Command, follow: Callable[[], object], refused: Told) -> Task:
        task = run(lambda: command(self._session.scope()), parent=self)
        task.succeeded.connect(lambda _result: follow())
        task.succeeded.connect(self.done)
        task.succeeded.connect(lambda _result: self._evaluate(edit.threshold_ids))
        task.failed.connect(refused)
        return task

    def _evaluate(self, device_ids: Sequence[str]) -> None:
        if device_ids:
            task = run(_evaluate_in_parts, self._session.scope, device_ids, parent=self, with_progress=True)
            task.succeeded.connect(self.alerts_changed)
            task.failed.connect(self.failed)

    def _queue(self, start: Callable[[], Task | None]) -> None:
        self._waiting.append(start)
        if self._task is None:
            self._next()

    def _next(self) -> None:
        self._task = None
        while self._waiting and self._task is None:
            self._task = self._waiting.popleft()()
        if self._task is not None:
            self._task.finished.connect(self._next)


def _evaluate_in_parts(scope: Callable[[], Scope], device_ids: Sequence[str], progress: Progress) -> None:
    """Look for alerts anew; a few devices at a time, so that leaving does not wait for all of them."""
    for first in range(0, len(device_ids), AT_ONCE):
        progress("Looking for alerts", first, len(device_ids))
        evaluate(scope(), device_ids[first : first + AT_ONCE])
