"""What a list of devices would change, to be looked at before it is stored."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView


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
            self.buttons.accepted.connect(view_model.bring_in)
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
