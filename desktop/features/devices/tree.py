"""Devices by location and category, with what each of these used."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from desktop.features.devices.device_rows import DeviceRow, ratio, verdict
from desktop.features.devices.table import SUSPICIOUS_ROLE
from desktop.framework.formatting import NOTHING, number, percent
from desktop.framework.record_table import SORT_ROLE, natural
from desktop.widgets.tooltips import hint

KEY_ROLE = Qt.ItemDataRole.UserRole + 3
"""What tells a row from all others, also when the tree is built anew."""
IDS_ROLE = Qt.ItemDataRole.UserRole + 4
"""The ids of the devices in a row."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Part = tuple[DeviceRow, float | None]
"""A device, and its kWh at one place."""

Above = QStandardItemModel | QStandardItem
"""What rows hang on: of the tree itself, not of its invisible root, under which PySide frees no item."""


class DevicesTree(QStandardItemModel):
    """location → category → device, each with its kWh; without locations, category → device.

    A device that stands in several places is in each of them, with what it used there. ``built`` when
    the tree is another.
    """

    built = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSortRole(SORT_ROLE)
        self._sorted = (0, Qt.SortOrder.AscendingOrder)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = (column, order)
        super().sort(column, order)

    def show(self, rows: Sequence[DeviceRow]) -> None:
        """Build the tree of these devices anew."""
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
        places = _by_place(rows)
        total = sum(kwh or 0 for parts in places.values() for _, kwh in parts)
        if set(places) <= {""}:
            self._add_categories(self, "", places.get("", []), total)
        else:
            for place, parts in places.items():
                group = self._add_group(self, place, place or self.tr("No location"), parts, total)
                self._add_categories(group, place, parts, total)
        super().sort(*self._sorted)
        self.built.emit()

    def _add_categories(self, above: Above, place: str, parts: list[Part], total: float) -> None:
        categories: defaultdict[str, list[Part]] = defaultdict(list)
        for part in parts:
            categories[part[0].device.category].append(part)
        for category, inside in categories.items():
            key = f"{place}\n{category}"
            group = self._add_group(above, key, category or self.tr("No category"), inside, total)
            for row, kwh in inside:
                self._add_device(group, f"{key}\n{row.device.id}", row, kwh, total)

    def _add_group(self, above: Above, key: str, name: str, parts: list[Part], total: float) -> QStandardItem:
        ids = [row.device.id for row, _ in parts]
        used = [kwh for _, kwh in parts if kwh is not None]
        first = _item(name, natural(name).casefold())
        first.setData(key, KEY_ROLE)
        first.setData(ids, IDS_ROLE)
        count = _item(number(len(ids)), float(len(ids)), numeric=True)
        above.appendRow([first, count, *_energy(sum(used) if used else None, total), _item("", -1.0)])
        return first

    def _add_device(
        self, above: QStandardItem, key: str, row: DeviceRow, kwh: float | None, total: float
    ) -> None:
        first = _item(row.device.name, natural(row.device.name).casefold())
        first.setData(key, KEY_ROLE)
        first.setData([row.device.id], IDS_ROLE)
        check = row.nameplate
        last = _item(ratio(check), (check and check.ratio) or -1.0, numeric=True)
        last.setData(check is not None and check.suspicious, SUSPICIOUS_ROLE)
        last.setToolTip(hint(verdict(check)))
        above.appendRow([first, _item("", 1.0), *_energy(kwh, total), last])


def _by_place(rows: Iterable[DeviceRow]) -> dict[str, list[Part]]:
    places: defaultdict[str, list[Part]] = defaultdict(list)
    for row in rows:
        for place, kwh in (row.used.places if row.used else {"": None}).items():
            places[place].append((row, kwh))
    return places


def _energy(kwh: float | None, total: float) -> list[QStandardItem]:
    share = kwh / total if kwh is not None and total else None
    order = -1.0 if kwh is None else kwh
    return [
        _item(NOTHING if kwh is None else number(kwh, 0 if abs(kwh) >= 100 else 1), order, numeric=True),
        _item(percent(share, 1), order, numeric=True),
    ]


def _item(text: str, order: str | float, numeric: bool = False) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(order, SORT_ROLE)
    item.setTextAlignment(RIGHT if numeric else LEFT)
    return item
