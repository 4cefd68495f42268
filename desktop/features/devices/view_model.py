"""The devices of the facility: list, find, add, edit, undo, delete."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.features.devices.categories_view_model import CategoriesViewModel
from desktop.features.devices.edits import EditHistory, add_edit, change_edit
from desktop.features.devices.fields import (
    Choices,
    DeviceFilter,
    DeviceRow,
    FilteredDevices,
    field_choices,
    rows,
    unit_choices,
    verdict,
)
from desktop.features.devices.meters_tree import MetersTree
from desktop.features.devices.models import DevicesTable, DevicesTree
from desktop.framework.formatting import number
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.devices import (
    DeletionEffect,
    Device,
    ancestors,
    delete_devices,
    deletion_effect,
    list_devices,
    new_device,
)
from services.nameplate import Measured, measure
from services.sub_meters import Proposal, decline, propose_parents

translate = QCoreApplication.translate

MOST_NAMED = 5
"""So many devices are named in a sentence."""


class DevicesViewModel(SessionViewModel):
    """``saved`` after an add or edit by a dialog, ``refused`` with the sentence of one that was refused.

    ``changed`` when devices or their alerts have changed.
    """

    loaded = Signal()
    changed = Signal()
    saved = Signal()
    refused = Signal(str)
    effect_known = Signal(list, str, str)
    proposed = Signal(str)
    """With the question whether some meters hang behind another; empty where there is none to ask."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._used: dict[str, Measured] | None = None
        self.categories = CategoriesViewModel(session, self)
        self.categories.changed.connect(self._refresh_list)
        self.history = EditHistory(session, self)
        self.history.done.connect(self.saved)
        self.history.done.connect(self._refresh_list)
        self.history.alerts_changed.connect(self.changed)
        self.history.failed.connect(self.failed)
        self._rows = DevicesTable(self)
        self._rows.edited.connect(self._edit_cell)
        self.table = FilteredDevices(self)
        self.table.setSourceModel(self._rows)
        self.tree = DevicesTree(self)
        self.meters = MetersTree(self)
        self.meters.hung.connect(self.hang)
        self._grouped = self._by_meter = False
        self._proposals: list[Proposal] = []

    @property
    def count(self) -> int:
        return self._rows.rowCount()

    @property
    def caption(self) -> str:
        """Return how many devices there are, as a sentence."""
        return _caption(self._rows.records, self.table.rowCount())

    @property
    def suspicious(self) -> int:
        """Return how many of all devices used far more or less than their nameplates say."""
        return _count_suspicious(self._rows.records)

    def device(self, device_id: str) -> Device | None:
        row = self._rows.row_of(device_id)
        return self._rows.record(row).device if row >= 0 else None

    def describe(self, device_ids: Sequence[str]) -> str:
        """Return how one chosen device compares with its nameplate, or how many are chosen."""
        if len(device_ids) == 1 and (row := self._rows.row_of(device_ids[0])) >= 0:
            return verdict(self._rows.record(row).nameplate)
        if device_ids:
            return self.tr("{count} devices are chosen.").format(count=number(len(device_ids)))
        return ""

    def choices(self, name: str, device_ids: Sequence[str], utility: Any = None) -> Choices:
        """Return (text, value) of what a field of these devices may be; none where anything can be entered.

        Units and parents follow their utility, unless another one is given. None hangs behind itself.
        """
        devices = self._known(device_ids)
        utilities = {utility} if utility else {d.utility for d in devices or [new_device()]}
        if name == "category_id":
            return self.categories.choices
        if name == "unit":
            return unit_choices(next(iter(utilities))) if len(utilities) == 1 else field_choices(name)
        if name == "parent_id":
            return self._parents(device_ids, utilities)
        return field_choices(name)

    def _parents(self, device_ids: Sequence[str], utilities: set[Any]) -> Choices:
        """Return the meters of the utility that do not hang behind these themselves."""
        all_devices = [row.device for row in self._rows.records]
        by_id, chosen = {d.id: d for d in all_devices}, set(device_ids)
        named = [
            (d.name, d.id)
            for d in all_devices
            if d.utility in utilities and chosen.isdisjoint({d.id, *(a.id for a in ancestors(d, by_id))})
        ]
        return [(self.tr("— none —"), None), *named]

    def filter(self, chosen: DeviceFilter) -> None:
        self.table.set_filter(chosen)
        self._build_tree()

    def group(self, grouped: bool) -> None:
        """Build the tree of the devices that the table shows, now and whenever they change, or stop it."""
        self._grouped = grouped
        self._build_tree()

    def show_meters(self, shown: bool) -> None:
        """Build the tree of what hangs behind what, now and whenever devices change, or stop it."""
        self._by_meter = shown
        self._build_tree()

    def hang(self, device_ids: Sequence[str], parent_id: str) -> None:
        """Hang devices behind another one, behind none where its id is empty."""
        if devices := self._known(device_ids):
            self.history.do(change_edit(devices, {"parent_id": parent_id or None}), self.failed.emit)

    def accept_proposal(self) -> None:
        """Hang the meters behind the one of which they seem to be the parts."""
        if self._proposals:
            proposal = self._proposals.pop(0)
            self.hang([child.id for child in proposal.children], proposal.parent.id)

    def decline_proposal(self) -> None:
        """Never propose these meters behind that one again, and ask the next question."""
        if self._proposals:
            proposal = self._proposals.pop(0)
            children = [child.id for child in proposal.children]
            self.ask(lambda scope: decline(scope, proposal.parent.id, children), self._ask_proposal)

    def _on_proposed(self, proposals: list[Proposal]) -> None:
        self._proposals = proposals
        self._ask_proposal()

    def _ask_proposal(self) -> None:
        self.proposed.emit(str(self._proposals[0]) if self._proposals else "")

    def refresh(self) -> None:
        """Read the devices again, and then what they used."""
        self._load()
        self.ask(measure, self._on_measured)
        self.ask(propose_parents, self._on_proposed, name="proposals")
        self.categories.refresh()

    def add(self, values: Mapping[str, Any]) -> None:
        """Add a device; ``values`` by the fields of `fields.EDITABLE`."""
        self.history.do(add_edit(values), self.refused.emit)

    def edit(self, device_ids: Sequence[str], values: Mapping[str, Any]) -> None:
        """Give these devices other values of some fields."""
        if devices := self._known(device_ids):
            self.history.do(change_edit(devices, values), self.refused.emit)
        else:
            self.refused.emit(self.tr("This is not there any more. It was deleted meanwhile."))

    def undo(self) -> None:
        self.history.undo(self.failed.emit)

    def redo(self) -> None:
        self.history.redo(self.failed.emit)

    def ask_deletion_effect(self, device_ids: list[str]) -> None:
        """Emit `effect_known`: the devices, the question whether to delete them, what goes with them."""
        self.ask(
            lambda scope: deletion_effect(scope, device_ids),
            lambda effect: self.effect_known.emit(
                device_ids, _deletion_question(self._known(device_ids)), _effect_text(effect)
            ),
        )

    def delete(self, device_ids: list[str]) -> None:
        self.ask(lambda scope: delete_devices(scope, device_ids), self._on_deleted)

    def _known(self, device_ids: Sequence[str]) -> list[Device]:
        return [device for i in device_ids if (device := self.device(i))]

    def _edit_cell(self, device_id: str, field: str, value: object) -> None:
        if device := self.device(device_id):
            self.history.do(change_edit([device], {field: value}), self.failed.emit)

    def _on_deleted(self) -> None:
        self.history.clear()
        self._refresh_list()

    def _refresh_list(self) -> None:
        self._load()
        self.ask(propose_parents, self._on_proposed, name="proposals")
        self.categories.refresh()
        self.changed.emit()

    def _load(self) -> None:
        self.ask(list_devices, self._show, name="list")

    def _on_measured(self, used: dict[str, Measured]) -> None:
        self._used = used
        self._show([row.device for row in self._rows.records])

    def _show(self, devices: list[Device]) -> None:
        self._rows.show(rows(devices, self._used))
        self._build_tree()
        self.loaded.emit()

    def _build_tree(self) -> None:
        if self._grouped:
            self.tree.show(self.table.rows)
        if self._by_meter:
            self.meters.show(self.table.rows)


def _caption(rows: Sequence[DeviceRow], found: int) -> str:
    """Return how many there are and are shown, are suspicious, and have no nameplate."""
    if not rows:
        return ""
    if found == len(rows):
        parts = [translate("devices", "{count} in all").format(count=number(found))]
    else:
        some = translate("devices", "{found} of {count}")
        parts = [some.format(found=number(found), count=number(len(rows)))]
    for template, count in (
        (translate("devices", "{count} suspicious"), _count_suspicious(rows)),
        (translate("devices", "{count} unrated"), sum(map(_unrated, rows))),
    ):
        if count:
            parts.append(template.format(count=number(count)))
    return " · ".join(parts)


def _count_suspicious(rows: Sequence[DeviceRow]) -> int:
    return sum(row.suspicious for row in rows)


def _unrated(row: DeviceRow) -> bool:
    return row.device.rated_power is None or row.device.avg_usage_hours is None


def _deletion_question(devices: Sequence[Device]) -> str:
    """Return the question whether to delete these devices."""
    if len(devices) == 1:
        return translate("devices", "Delete the device “{name}”?").format(name=devices[0].name)
    return translate("devices", "Delete {count} devices?").format(count=number(len(devices)))


def _effect_text(effect: DeletionEffect) -> str:
    """Return what is deleted with the devices, as a sentence."""
    lost = [
        (translate("devices", "readings: {count}"), effect.readings),
        (translate("devices", "predictions: {count}"), effect.predictions),
        (translate("devices", "alerts: {count}"), effect.alerts),
    ]
    rehung = _rehung_text(effect)
    listed = ", ".join(template.format(count=number(count)) for template, count in lost if count)
    if not listed:
        nothing = translate(
            "devices", "Nothing else is deleted: there are no readings, predictions or alerts."
        )
        return f"{nothing} {rehung}".strip()
    deleted = translate("devices", "This also deletes {lost}. It cannot be undone.").format(lost=listed)
    return f"{deleted} {rehung}".strip()


def _rehung_text(effect: DeletionEffect) -> str:
    """Return what becomes of the meters that hang behind those deleted, a sentence for each new place."""
    children: dict[str, list[str]] = {}
    for child, parent in effect.rehung:
        children.setdefault(parent, []).append(child)
    sentences = []
    for parent, names in children.items():
        template = (
            translate("devices", "Then these hang behind “{parent}”: {names}.")
            if parent
            else translate("devices", "Then these hang behind no meter: {names}.")
        )
        more = [*names[:MOST_NAMED], "…"] if len(names) > MOST_NAMED else names
        sentences.append(template.format(parent=parent, names=", ".join(more)))
    return " ".join(sentences)
