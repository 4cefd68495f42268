"""The devices of the facility: list, find, add, edit, delete."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt, Signal

from desktop.tasks import run
from desktop.viewmodels.categories_viewmodel import CategoriesViewModel
from desktop.viewmodels.quantities import number
from desktop.viewmodels.record_table import RECORD_ROLE, SORT_ROLE, Column, Index, RecordTable, natural
from services.accounts import Session
from services.alerts import evaluate
from services.devices import (
    DeletionEffect,
    Device,
    add_device,
    delete_devices,
    deletion_effect,
    edit_device,
    list_devices,
)
from services.scope import Scope

STATUSES = ("active", "inactive")


@dataclass(frozen=True)
class DeviceFields:
    """What the user fills in for a device; ``rated_power`` in W, ``avg_usage_hours`` in h/day."""

    name: str
    category_id: str | None
    rated_power: float | None
    avg_usage_hours: float | None
    status: str

    @staticmethod
    def of(device: Device) -> "DeviceFields":
        return DeviceFields(
            device.name, device.category_id, device.rated_power, device.avg_usage_hours, device.status
        )


class DevicesViewModel(QObject):
    """``saved`` after an add or edit, ``refused`` with the sentence of one that was not accepted."""

    loaded = Signal()
    changed = Signal()
    saved = Signal()
    refused = Signal(str)
    failed = Signal(str)
    effect_known = Signal(list, str, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.categories = CategoriesViewModel(session, self)
        self.categories.changed.connect(self.refresh)
        self.categories.changed.connect(self.changed)
        self._devices: RecordTable[Device] = RecordTable(self._columns(), lambda device: device.id, self)
        self.table = QSortFilterProxyModel(self)
        self.table.setSourceModel(self._devices)
        self.table.setSortRole(SORT_ROLE)
        self.table.setSortLocaleAware(True)
        self.table.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table.setFilterKeyColumn(-1)

    @property
    def count(self) -> int:
        return self._devices.rowCount()

    @property
    def caption(self) -> str:
        """How many devices there are, and how many of them are found."""
        found = self.table.rowCount()
        if found == self.count:
            return self.tr("{count} in all").format(count=number(found)) if found else ""
        return self.tr("{found} of {count}").format(found=number(found), count=number(self.count))

    def device(self, index: Index) -> Device:
        device: Device = self.table.data(index, RECORD_ROLE)
        return device

    def status_name(self, status: str) -> str:
        return self.tr("Active") if status == "active" else self.tr("Inactive")

    def filter(self, text: str) -> None:
        self.table.setFilterFixedString(text)

    def refresh(self) -> None:
        task = run(lambda: list_devices(self._session.scope()), parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)
        self.categories.refresh()

    def add(self, fields: DeviceFields) -> None:
        self._save(lambda scope: add_device(scope, *_values(fields)))

    def edit(self, device_id: str, fields: DeviceFields) -> None:
        def command(scope: Scope) -> None:
            edit_device(scope, device_id, *_values(fields))
            evaluate(scope, [device_id])  # what the device is rated for is a threshold

        self._save(command)

    def ask_deletion_effect(self, device_ids: list[str]) -> None:
        """Answers with `effect_known`: the devices, the question, and in words what goes with them."""
        task = run(lambda: deletion_effect(self._session.scope(), device_ids), parent=self)
        task.succeeded.connect(
            lambda effect: self.effect_known.emit(
                device_ids, self._deletion_question(device_ids), self._in_words(effect)
            )
        )
        task.failed.connect(self.failed)

    def delete(self, device_ids: list[str]) -> None:
        task = run(lambda: delete_devices(self._session.scope(), device_ids), parent=self)
        task.succeeded.connect(self._changed)
        task.failed.connect(self.failed)

    def _save(self, command: Callable[[Scope], object]) -> None:
        task = run(lambda: command(self._session.scope()), parent=self)
        task.succeeded.connect(self.saved)
        task.succeeded.connect(self._changed)
        task.failed.connect(self.refused)

    def _changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def _show(self, devices: list[Device]) -> None:
        self._devices.show(devices)
        self.loaded.emit()

    def _deletion_question(self, device_ids: list[str]) -> str:
        row = self._devices.row_of(device_ids[0])
        if len(device_ids) == 1 and row >= 0:
            return self.tr("Delete the device “{name}”?").format(name=self._devices.record(row).name)
        return self.tr("Delete {count} devices?").format(count=number(len(device_ids)))

    def _in_words(self, effect: DeletionEffect) -> str:
        lost = [
            (self.tr("readings: {count}"), effect.readings),
            (self.tr("predictions: {count}"), effect.predictions),
            (self.tr("alerts: {count}"), effect.alerts),
        ]
        listed = ", ".join(template.format(count=number(count)) for template, count in lost if count)
        if not listed:
            return self.tr("Nothing else is deleted: there are no readings, predictions or alerts.")
        return self.tr("This also deletes {lost}. It cannot be undone.").format(lost=listed)

    def _columns(self) -> list[Column[Device]]:
        return [
            Column(self.tr("Name"), lambda device: device.name, lambda device: natural(device.name)),
            Column(self.tr("Category"), lambda device: device.category),
            Column(
                self.tr("Rated power (W)"),
                lambda device: _short(device.rated_power),
                lambda device: device.rated_power,
                numeric=True,
            ),
            Column(
                self.tr("Average use (h/day)"),
                lambda device: _short(device.avg_usage_hours),
                lambda device: device.avg_usage_hours,
                numeric=True,
            ),
            Column(self.tr("Status"), lambda device: self.status_name(device.status)),
        ]


def _short(value: float | None) -> str:
    return number(value, 0 if value is None or float(value).is_integer() else 1)


def _values(fields: DeviceFields) -> tuple[str, str | None, float | None, float | None, str]:
    return (
        fields.name.strip(),
        fields.category_id,
        fields.rated_power,
        fields.avg_usage_hours,
        fields.status,
    )
