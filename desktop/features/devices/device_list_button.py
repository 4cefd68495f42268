"""The list of devices as a spreadsheet: a button with what can be done with one."""

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from desktop.features.devices.device_list_dialog import DeviceListDialog
from desktop.features.devices.device_list_view_model import DeviceListViewModel

READ = "*.xlsx *.xlsm *.xls *.xlsb *.ods *.csv *.tsv *.txt"


class DeviceListButton(QPushButton):
    """Asks for the file; what an import would change is shown in a dialog over the page."""

    def __init__(self, view_model: DeviceListViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setText(self.tr("&List"))
        menu = QMenu(self)
        self.bring_in = menu.addAction(self.tr("&Import a list of devices…"))
        self.export = menu.addAction(self.tr("&Export this list…"))
        self.setMenu(menu)
        self.bring_in.triggered.connect(self._choose)
        self.export.triggered.connect(self._save)
        view_model.planned.connect(self._show)

    def _choose(self) -> None:
        kinds = self.tr("Spreadsheets ({endings})").format(endings=READ)
        path, _ = QFileDialog.getOpenFileName(self.window(), self.tr("Import a list of devices"), "", kinds)
        if path:
            self._view_model.open(path)

    def _save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, kind = QFileDialog.getSaveFileName(
            self.window(),
            self.tr("Export the list of devices"),
            f"{folder}/{self.tr('devices')}.xlsx",
            self.tr("Excel (*.xlsx)") + ";;" + self.tr("CSV (*.csv)"),
        )
        if path and "." not in path.rpartition("/")[2]:
            path += ".csv" if "csv" in kind else ".xlsx"
        if path:
            self._view_model.export(path)

    def _show(self) -> None:
        dialog = DeviceListDialog(self._view_model, self.parentWidget())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
