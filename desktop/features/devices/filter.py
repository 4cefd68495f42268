"""Which devices are shown, and in which order."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt

from desktop.features.devices.device_rows import DeviceRow
from desktop.framework.record_table import RECORD_ROLE, SORT_ROLE, Index
from services.names import name_key


@dataclass(frozen=True)
class Wanted:
    """None means any."""

    text: str = ""
    """To be found in any column, however it is spelled."""
    category_id: str | None = None
    """Empty for devices without one."""
    status: str | None = None
    suspicious_only: bool = False


class DevicesFilter(QSortFilterProxyModel):
    """The rows of a `DevicesTable` that are wanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted = Wanted()
        self.setSortRole(SORT_ROLE)
        self.setSortLocaleAware(True)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    @property
    def rows(self) -> list[DeviceRow]:
        """What is shown, in the order of the table."""
        return [self.index(row, 0).data(RECORD_ROLE) for row in range(self.rowCount())]

    def want(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.setFilterFixedString(wanted.text)  # which looks at every row anew

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        shown: DeviceRow = self.sourceModel().index(row, 0, parent).data(RECORD_ROLE)
        wanted, device = self.wanted, shown.device
        return (
            (wanted.category_id is None or wanted.category_id == (device.category_id or ""))
            and wanted.status in (None, device.status)
            and (not wanted.suspicious_only or (shown.nameplate is not None and shown.nameplate.suspicious))
            and self._holds_text(row, parent)
        )

    def _holds_text(self, row: int, parent: Index) -> bool:
        text, table = name_key(self.wanted.text), self.sourceModel()
        columns = range(table.columnCount(parent)) if text else ()
        return not text or any(text in name_key(table.index(row, c, parent).data() or "") for c in columns)
