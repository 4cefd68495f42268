"""The devices as a table that can be typed into."""

from PySide6.QtCore import QObject, Qt, Signal

from desktop.features.devices.device_rows import EDITABLE, DeviceRow, columns, explained, verdict
from desktop.framework.record_table import Index, RecordTable
from desktop.widgets.tooltips import hint

SUSPICIOUS_ROLE = Qt.ItemDataRole.UserRole + 2
NAMEPLATE_COLUMN = 6


class DevicesTable(RecordTable[DeviceRow]):
    """``edited`` with the device's id, a field of `EDITABLE` and its new value.

    The value for editing is the field itself: text, a number or None. The table goes on showing the old
    one until it is shown the rows that the database has.
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
            return explained(section)
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
            suspicious = row.nameplate is not None and row.nameplate.suspicious
            return suspicious and index.column() == NAMEPLATE_COLUMN
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
