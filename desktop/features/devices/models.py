"""The devices as a table that can be edited in location, and as a tree of locations and categories."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QStandardItem

from desktop.features.devices.fields import (
    EDITABLE,
    NAMEPLATE_COLUMN,
    DeviceRow,
    column_hint,
    columns,
    counted,
    measures_energy,
    quantity,
    ratio,
    verdict,
)
from desktop.features.devices.tree_model import RIGHT, ParentItem, SortedTree, item, named_item
from desktop.framework.formatting import NOTHING, number, percent
from desktop.framework.record_table import Index, RecordTable
from desktop.widgets.tooltips import hint

SUSPICIOUS_ROLE = Qt.ItemDataRole.UserRole + 2


class DevicesTable(RecordTable[DeviceRow]):
    """``edited`` with the device's id, a field of `EDITABLE` and its new value (text, a number or None).

    The table shows the old value until it is shown the rows of the database.
    """

    edited = Signal(str, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(columns(), lambda row: row.device.id, parent)

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() < len(EDITABLE) else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return column_hint(section)
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.ToolTipRole,
            SUSPICIOUS_ROLE,
        ):
            return super().data(index, role)
        row = self.record(index.row())
        if role == SUSPICIOUS_ROLE:
            return row.suspicious and index.column() == NAMEPLATE_COLUMN
        if role == Qt.ItemDataRole.ToolTipRole:
            return hint(verdict(row.nameplate)) if index.column() == NAMEPLATE_COLUMN else None
        return getattr(row.device, EDITABLE[index.column()]) if index.column() < len(EDITABLE) else None

    def setData(  # noqa: N802 - the name that Qt calls
        self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() >= len(EDITABLE):
            return False
        field, device = EDITABLE[index.column()], self.record(index.row()).device
        if isinstance(value, str):
            value = value.strip()
        if value != getattr(device, field):
            self.edited.emit(device.id, field, value)
        return True


Part = tuple[DeviceRow, float | None]
"""A device, and its kWh at one location."""


class DevicesTree(SortedTree):
    """location → category → device, each with its kWh; without locations, category → device.

    A device with several locations is below each of them, with what it used there.
    """

    def show(self, rows: Sequence[DeviceRow]) -> None:
        """Build the tree of these devices again."""
        self.clear()
        self.setHorizontalHeaderLabels(
            [
                self.tr("Location, category, device"),
                self.tr("Devices"),
                self.tr("Measured (kWh)"),
                self.tr("Share"),
                self.tr("Nameplate"),
            ]
        )
        for column in range(1, self.columnCount()):
            self.setHeaderData(column, Qt.Orientation.Horizontal, RIGHT, Qt.ItemDataRole.TextAlignmentRole)
        locations = _by_location(rows)
        total = _consumed([part for parts in locations.values() for part in parts]) or 0.0
        if set(locations) <= {""}:
            self._add_categories(self, "", locations.get("", []), total)
        else:
            for location, parts in locations.items():
                group = self._add_group(self, location, location or self.tr("No location"), parts, total)
                self._add_categories(group, location, parts, total)
        self.finish()

    def _add_categories(self, parent: ParentItem, location: str, parts: list[Part], total: float) -> None:
        categories: defaultdict[str, list[Part]] = defaultdict(list)
        for part in parts:
            categories[part[0].device.category].append(part)
        for category, inside in categories.items():
            key = f"{location}\n{category}"
            group = self._add_group(parent, key, category or self.tr("No category"), inside, total)
            for row, kwh in inside:
                self._add_device(group, f"{key}\n{row.device.id}", row, kwh, total)

    def _add_group(
        self, parent: ParentItem, key: str, name: str, parts: list[Part], total: float
    ) -> QStandardItem:
        first = named_item(name, key, [row.device.id for row, _ in parts])
        count = item(number(len(parts)), float(len(parts)), numeric=True)
        parent.appendRow([first, count, *_energy(_consumed(parts), total), item("", -1.0)])
        return first

    def _add_device(
        self, parent: QStandardItem, key: str, row: DeviceRow, kwh: float | None, total: float
    ) -> None:
        first = named_item(row.device.name, key, [row.device.id])
        check = row.nameplate
        last = item(ratio(check), (check and check.ratio) or -1.0, numeric=True)
        last.setData(row.suspicious, SUSPICIOUS_ROLE)
        last.setToolTip(hint(verdict(check)))
        measured, share = _energy(kwh, total)
        if kwh is not None and not measures_energy(row.device):
            measured, share = item(quantity(row.device, kwh), kwh, numeric=True), item(NOTHING, -1.0, True)
        elif row.device.direction != "consumption":
            share = item(NOTHING, -1.0, numeric=True)
        parent.appendRow([first, item("", 1.0), measured, share, last])


def _by_location(rows: Iterable[DeviceRow]) -> dict[str, list[Part]]:
    locations: defaultdict[str, list[Part]] = defaultdict(list)
    for row in rows:
        for location, kwh in (row.used.places if row.used else {"": None}).items():
            locations[location].append((row, kwh))
    return locations


def _consumed(parts: Sequence[Part]) -> float | None:
    """Return the kWh that some devices consumed together; None where nothing is known.

    What hangs behind another of them, is generated or is no energy does not count.
    """
    devices = list({row.device.id: row.device for row, _ in parts}.values())
    ids = counted(devices)
    used = [kwh for row, kwh in parts if kwh is not None and row.device.id in ids]
    return sum(used) if used else None


def _energy(kwh: float | None, total: float) -> list[QStandardItem]:
    share = kwh / total if kwh is not None and total else None
    order = -1.0 if kwh is None else kwh
    return [
        item(NOTHING if kwh is None else number(kwh, 0 if abs(kwh) >= 100 else 1), order, numeric=True),
        item(percent(share, 1), order, numeric=True),
    ]
