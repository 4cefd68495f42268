"""The devices as the tree of what hangs behind what, in which they are hung elsewhere by dragging them."""

from collections import defaultdict
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QObject, Qt, Signal

from desktop.features.devices.fields import DeviceRow, field_label, field_text, quantity
from desktop.features.devices.tree_model import KEY_ROLE, RIGHT, ParentItem, SortedTree, item, named_item
from desktop.framework.formatting import NOTHING
from desktop.framework.record_table import Index
from services.devices import Device, ancestors

FORMAT = "application/x-loadlens-devices"
COLUMNS = ("utility", "direction", "unit", "counts_in_total")


class MetersTree(SortedTree):
    """Each device behind its parent, at the top where that is not shown.

    ``hung`` with the ids of the devices that were dragged onto another, and its id; empty for none.
    """

    hung = Signal(list, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices: dict[str, Device] = {}

    def show(self, rows: Sequence[DeviceRow]) -> None:
        """Build the tree of these devices again."""
        self.clear()
        labels = [self.tr("Meter"), *(field_label(name) for name in COLUMNS), self.tr("A day")]
        self.setHorizontalHeaderLabels(labels)
        self.setHeaderData(5, Qt.Orientation.Horizontal, RIGHT, Qt.ItemDataRole.TextAlignmentRole)
        self._devices = {row.device.id: row.device for row in rows}
        behind: defaultdict[str, list[DeviceRow]] = defaultdict(list)
        for row in rows:
            known = row.device.parent_id in self._devices and not self._goes_around(row.device)
            behind[row.device.parent_id or "" if known else ""].append(row)
        self._add(self, "", behind)
        self.finish()

    def _goes_around(self, device: Device) -> bool:
        """Return whether a device hangs behind itself, which no program should have stored."""
        above = list(ancestors(device, self._devices))
        return bool(above) and above[-1].parent_id == device.id

    def _add(self, parent: ParentItem, key: str, behind: dict[str, list[DeviceRow]]) -> None:
        for row in behind.get(key, ()):
            device = row.device
            first = named_item(device.name, device.id, [device.id])
            told = [item(text := field_text(device, name), text) for name in COLUMNS]
            used = row.used.per_day if row.used else None
            written = NOTHING if used is None else quantity(device, used)
            last = item(written, -1.0 if used is None else used, numeric=True)
            parent.appendRow([first, *told, last])
            self._add(first, device.id, behind)

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - the name that Qt calls
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - the name that Qt calls
        return [FORMAT]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - the name that Qt calls
        keys = dict.fromkeys(index.siblingAtColumn(0).data(KEY_ROLE) for index in indexes)
        data = QMimeData()
        data.setData(FORMAT, QByteArray("\n".join(keys).encode()))
        return data

    def canDropMimeData(  # noqa: N802 - the name that Qt calls
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index
    ) -> bool:
        """Return whether all that is dragged may hang there: behind one of its utility, not behind itself."""
        dragged = [self._devices[key] for key in _keys(data) if key in self._devices]
        target = self._devices.get(self._key(parent))
        if target is None:
            return bool(dragged)
        around = {target.id, *(above.id for above in ancestors(target, self._devices))}
        return bool(dragged) and all(d.utility == target.utility and d.id not in around for d in dragged)

    def dropMimeData(  # noqa: N802 - the name that Qt calls
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the change; the tree is built again when it is stored."""
        if self.canDropMimeData(data, action, row, column, parent):
            self.hung.emit(_keys(data), self._key(parent))
        return False

    def _key(self, row: Index) -> str:
        """Return the id of the device in a row, empty beside all rows."""
        return self.index(row.row(), 0, row.parent()).data(KEY_ROLE) or "" if row.isValid() else ""


def _keys(data: QMimeData) -> list[str]:
    return bytes(data.data(FORMAT).data()).decode().split("\n") if data.hasFormat(FORMAT) else []
