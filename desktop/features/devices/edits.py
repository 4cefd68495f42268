"""Edits of devices that can be undone and redone, one after the other, off the GUI thread."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from desktop.features.devices.fields import CHANGES_ALERTS
from desktop.framework.formatting import number
from desktop.framework.tasks import Task
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.alerts import evaluate
from services.device_lists import ListPlan, import_list, undo_list
from services.devices import (
    Device,
    DeviceRefused,
    add_devices,
    edit_devices,
    new_device,
    remove_unused,
    revised,
)
from services.progress import Progress
from services.scope import Scope

AT_ONCE = 20
"""Devices whose alerts are evaluated together."""

Command = Callable[[Scope], object]
OnRefused = Callable[[str], None]

translate = QCoreApplication.translate


class Edit(QUndoCommand):
    """A change and its opposite, both calls of services; ``text`` says what it does.

    ``evaluate_ids``: the devices whose alerts have to be evaluated afterwards.
    """

    def __init__(self, text: str, do: Command, undo: Command, evaluate_ids: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.do_command, self.undo_command = do, undo
        self.evaluate_ids = evaluate_ids


class EditHistory(SessionViewModel):
    """Emits ``done`` when an edit was done, undone or redone, and ``moved`` when others can be.

    Then, where alerts depend on it, ``alerts_changed``, or ``failed`` if they could not be evaluated. The
    stack only follows what the database has stored: its commands do nothing of their own. What is asked for
    while an edit runs waits for it.
    """

    done = Signal()
    moved = Signal()
    alerts_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._stack = QUndoStack(self)
        self._stack.indexChanged.connect(self.moved)
        self._waiting: deque[Callable[[], Task | None]] = deque()
        self._task: Task | None = None

    @property
    def undo_text(self) -> str:
        """Return what would be undone; empty if nothing can be."""
        return self._stack.undoText()

    @property
    def redo_text(self) -> str:
        """Return what would be redone; empty if nothing can be."""
        return self._stack.redoText()

    def do(self, edit: Edit, on_refused: OnRefused) -> None:
        """Do an edit; ``on_refused`` gets the sentence of a refusal."""
        self._queue(lambda: self._start(edit, edit.do_command, lambda: self._stack.push(edit), on_refused))

    def undo(self, on_refused: OnRefused) -> None:
        """Undo the latest edit; where that is refused, forget all edits."""
        self._queue(lambda: self._step(-1, self._stack.undo, on_refused))

    def redo(self, on_refused: OnRefused) -> None:
        """Redo what was undone."""
        self._queue(lambda: self._step(0, self._stack.redo, on_refused))

    def clear(self) -> None:
        """Forget all edits: they can no longer be undone."""
        self._stack.clear()

    def _step(self, offset: int, follow: Callable[[], None], on_refused: OnRefused) -> Task | None:
        edit = self._stack.command(self._stack.index() + offset)
        if not isinstance(edit, Edit):
            return None
        command = edit.undo_command if offset else edit.do_command
        task = self._start(edit, command, follow, on_refused)
        task.failed.connect(lambda _why: self.clear() if isinstance(task.error, DeviceRefused) else None)
        return task

    def _start(
        self, edit: Edit, command: Command, follow: Callable[[], object], on_refused: OnRefused
    ) -> Task:
        def finish() -> None:
            follow()
            self.done.emit()
            self._evaluate(edit.evaluate_ids)

        return self.ask(command, finish, on_failed=on_refused)

    def _evaluate(self, device_ids: Sequence[str]) -> None:
        if device_ids:
            self.start(
                lambda progress: _evaluate_in_parts(self._session.scope, device_ids, progress),
                self.alerts_changed,
                with_progress=True,
            )

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
    """Evaluate the rules for a few devices at a time, so that signing out does not wait for all of them."""
    for first in range(0, len(device_ids), AT_ONCE):
        progress("Looking for alerts", first, len(device_ids))
        evaluate(scope(), device_ids[first : first + AT_ONCE])


def add_edit(values: Mapping[str, Any]) -> Edit:
    """Return the edit that adds a device; it can be undone until the device has readings."""
    device = new_device(**_stripped(values))
    return Edit(
        translate("devices", "Add “{name}”").format(name=device.name),
        lambda scope: add_devices(scope, [device]),
        lambda scope: remove_unused(scope, [device.id]),
    )


def change_edit(before: Sequence[Device], values: Mapping[str, Any]) -> Edit:
    """Return the edit that gives all of these devices other values of some fields."""
    values = _stripped(values)
    after = [revised(device, **values) for device in before]
    evaluated = any(getattr(device, name) != values[name] for device in before for name in _alerting(values))
    return Edit(
        _title(before, values),
        lambda scope: edit_devices(scope, after),
        lambda scope: edit_devices(scope, before),
        tuple(device.id for device in before) if evaluated else (),
    )


def import_edit(plan: ListPlan) -> Edit:
    """Return the edit that stores a list of devices."""
    return Edit(
        translate("devices", "Import “{file}”").format(file=plan.file),
        lambda scope: import_list(scope, plan),
        lambda scope: undo_list(scope, plan),
        tuple(change.after.id for change in plan.changed if _alerting(change.fields)),
    )


def _alerting(names: Iterable[str]) -> frozenset[str]:
    return CHANGES_ALERTS & set(names)


def _title(before: Sequence[Device], values: Mapping[str, Any]) -> str:
    if len(before) > 1:
        return translate("devices", "Edit {count} devices").format(count=number(len(before)))
    template = (
        translate("devices", "Rename “{name}”")
        if set(values) == {"name"}
        else translate("devices", "Edit “{name}”")
    )
    return template.format(name=before[0].name)


def _stripped(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
