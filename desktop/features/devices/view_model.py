"""The devices of the facility: list, find, add, edit, undo, delete."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.features.devices.caption import caption, suspicious
from desktop.features.devices.categories_view_model import CategoriesViewModel
from desktop.features.devices.device_deletion import in_words, question
from desktop.features.devices.device_edits import (
    DeviceFields,
    addition,
    change,
    whole_change,
)
from desktop.features.devices.device_rows import DeviceRow, rows, verdict
from desktop.features.devices.edit_history import Edit, EditHistory
from desktop.features.devices.filter import DevicesFilter, Wanted
from desktop.features.devices.table import DevicesTable
from desktop.features.devices.tree import DevicesTree
from desktop.framework.formatting import number
from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.devices import Device, delete_devices, deletion_effect, list_devices
from services.nameplate import Measured, measure


class DevicesViewModel(QObject):
    """``saved`` after an add or edit by a dialog, ``refused`` with the sentence of one that was not
    accepted; ``changed`` when devices are others than before, or their alerts are."""

    loaded = Signal()
    changed = Signal()
    saved = Signal()
    refused = Signal(str)
    failed = Signal(str)
    effect_known = Signal(list, str, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._listing: Task | None = None
        self._used: dict[str, Measured] | None = None
        self.categories = CategoriesViewModel(session, self)
        self.categories.changed.connect(self._edited)
        self.history = EditHistory(session, self)
        self.history.done.connect(self._done)
        self.history.alerts_changed.connect(self.changed)
        self.history.failed.connect(self.failed)
        self._rows = DevicesTable(self)
        self._rows.edited.connect(self._type_over)
        self.table = DevicesFilter(self)
        self.table.setSourceModel(self._rows)
        self.tree = DevicesTree(self)
        self._grouped = False

    @property
    def count(self) -> int:
        return self._rows.rowCount()

    @property
    def caption(self) -> str:
        """How many devices there are, in words."""
        return caption(self._rows.records, self.table.rowCount())

    @property
    def suspicious(self) -> int:
        """How many of all devices did not use what their nameplates say."""
        return suspicious(self._rows.records)

    def device(self, device_id: str) -> Device | None:
        row = self._rows.row_of(device_id)
        return self._rows.record(row).device if row >= 0 else None

    def said_of(self, device_ids: Sequence[str]) -> str:
        """What is to be said of the chosen devices: how the one stands to its nameplate, else how many."""
        if len(device_ids) == 1 and (row := self._rows.row_of(device_ids[0])) >= 0:
            return verdict(self._rows.record(row).nameplate)
        if device_ids:
            return self.tr("{count} devices are chosen.").format(count=number(len(device_ids)))
        return ""

    def filter(self, wanted: Wanted) -> None:
        self.table.want(wanted)
        self._group()

    def group(self, wanted: bool) -> None:
        """Whether the tree shows the devices that the table shows."""
        self._grouped = wanted
        self._group()

    def _group(self) -> None:
        if self._grouped:
            self.tree.show(self.table.rows)

    def refresh(self) -> None:
        """Read the devices anew, and then what they used."""
        self._list()
        task = run(lambda: measure(self._session.scope()), parent=self)
        task.succeeded.connect(self._take_used)
        task.failed.connect(self.failed)
        self.categories.refresh()

    def add(self, fields: DeviceFields) -> None:
        self._save(addition(fields))

    def edit(self, device_id: str, fields: DeviceFields) -> None:
        device = self.device(device_id)
        self._save(whole_change(device, fields) if device else None)

    def edit_many(self, device_ids: Sequence[str], **fields: Any) -> None:
        """Give all of these devices the same values of some fields of `DeviceFields`."""
        devices = self._known(device_ids)
        self._save(change(devices, **fields) if devices else None)

    def undo(self) -> None:
        self.history.undo(self.failed.emit)

    def redo(self) -> None:
        self.history.redo(self.failed.emit)

    def ask_deletion_effect(self, device_ids: list[str]) -> None:
        """Answers with `effect_known`: the devices, the question, and in words what goes with them."""
        task = run(lambda: deletion_effect(self._session.scope(), device_ids), parent=self)
        task.succeeded.connect(
            lambda effect: self.effect_known.emit(
                device_ids, question(self._known(device_ids)), in_words(effect)
            )
        )
        task.failed.connect(self.failed)

    def delete(self, device_ids: list[str]) -> None:
        task = run(lambda: delete_devices(self._session.scope(), device_ids), parent=self)
        task.succeeded.connect(self.history.forget)
        task.succeeded.connect(self._edited)
        task.failed.connect(self.failed)

    def _known(self, device_ids: Sequence[str]) -> list[Device]:
        return [device for i in device_ids if (device := self.device(i))]

    def _type_over(self, device_id: str, field: str, value: object) -> None:
        if device := self.device(device_id):
            self.history.do(change([device], **{field: value}), self.failed.emit)

    def _save(self, edit: Edit | None) -> None:
        """What a dialog asks for; None where the list has lost all devices that it is about."""
        if edit is None:
            self.refused.emit(self.tr("This is not there any more. It was deleted meanwhile."))
        else:
            self.history.do(edit, self.refused.emit)

    def _done(self) -> None:
        self.saved.emit()
        self._edited()

    def _edited(self) -> None:
        self._list()
        self.categories.refresh()
        self.changed.emit()

    def _list(self) -> None:
        if self._listing is not None:
            self._listing.cancel()  # it may have read before what is asked for now
        self._listing = task = run(lambda: list_devices(self._session.scope()), parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)
        task.finished.connect(lambda: self._listed(task))

    def _listed(self, task: Task) -> None:
        if self._listing is task:
            self._listing = None

    def _take_used(self, used: dict[str, Measured]) -> None:
        self._used = used
        self._show([row.device for row in self._rows.records])

    def _show(self, devices: list[Device]) -> None:
        shown: list[DeviceRow] = rows(devices, self._used)
        self._rows.show(shown)
        self._group()
        self.loaded.emit()
