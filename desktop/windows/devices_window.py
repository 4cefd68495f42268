"""The devices page: the list of them, or one in full."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.viewmodels.device_list_viewmodel import DeviceListViewModel
from desktop.viewmodels.devices_viewmodel import DevicesViewModel
from desktop.windows.device_list_panel import DeviceListPanel


class DevicesWindow(QStackedWidget):
    """``import_wanted`` when there is no device yet, and the user would rather bring in a file."""

    import_wanted = Signal()

    def __init__(
        self,
        view_model: DevicesViewModel,
        lists: DeviceListViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.list = DeviceListPanel(view_model, lists, self)
        self.addWidget(self.list)
        self.list.import_wanted.connect(self.import_wanted)
