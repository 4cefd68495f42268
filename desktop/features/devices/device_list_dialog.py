"""The list of devices as a spreadsheet: a button with what can be done with one."""

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView

READ = "*.xlsx *.xlsm *.xls *.xlsb *.ods *.csv *.tsv *.txt"


class DeviceListButton(QPushButton):
    """Asks for the file; what an import would change is shown in a dialog over the page."""

    def __init__(self, view_model: DeviceListViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setText(self.tr("&List"))
        menu = QMenu(self)
        self.import_ = menu.addAction(self.tr("&Import a list of devices…"))
        self.export = menu.addAction(self.tr("&Export this list…"))
        self.setMenu(menu)
        self.import_.triggered.connect(self._choose)
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


class DeviceListDialog(QDialog):
    """Either what changes, with a button that imports it, or the cells that cannot be taken."""

    def __init__(self, view_model: DeviceListViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import “{file}”").format(file=view_model.file))
        acceptable = view_model.acceptable
        banner = Banner(self)
        summary = PlainLabel(view_model.summary, self)
        summary.setWordWrap(True)
        summary.setVisible(acceptable)
        self.list = RecordView(
            self.tr("What changes") if acceptable else self.tr("Cells that cannot be taken"),
            view_model.lines if acceptable else view_model.bad,
            self,
            sorts=True,
        )
        self.list.resizeColumnsToContents()
        close = (
            QDialogButtonBox.StandardButton.Cancel if acceptable else QDialogButtonBox.StandardButton.Close
        )
        self.buttons = QDialogButtonBox(close, self)
        self.buttons.rejected.connect(self.reject)
        if acceptable:
            self.import_ = self.buttons.addButton(self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole)
            self.import_.setProperty("role", "primary")
            self.import_.setDefault(True)
            self.buttons.accepted.connect(view_model.import_list)
            self.buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        for widget in (banner, summary, self.list, self.buttons):
            layout.addWidget(widget)
        if not acceptable:
            banner.show_error(view_model.summary)
        self.resize(840, 480)
        self.list.setFocus()
        self.list.choose(0)
