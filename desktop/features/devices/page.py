"""The devices page: the list of them, or one in full."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.devices.device_list_panel import DeviceListPanel
from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.features.devices.device_panel import DevicePanel
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.features.devices.view_model import DevicesViewModel


class DevicesWindow(QStackedWidget):
    """``import_wanted`` when there is no device yet, and the user would rather bring in a file;
    ``alert_wanted`` with the id of one to look at."""

    import_wanted = Signal()
    alert_wanted = Signal(str)

    def __init__(
        self,
        view_model: DevicesViewModel,
        lists: DeviceListViewModel,
        device: DeviceViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._device = device
        self.list = DeviceListPanel(view_model, lists, self)
        self.device = DevicePanel(device, view_model, self)
        self.addWidget(self.list)
        self.addWidget(self.device)
        self.list.import_wanted.connect(self.import_wanted)
        self.list.device_wanted.connect(self.show_device)
        self.device.alert_wanted.connect(self.alert_wanted)
        self.device.left.connect(self.show_list)

    def show_device(self, device_id: str) -> None:
        """One device in full."""
        self._device.open(device_id)
        self.setCurrentWidget(self.device)
        self.device.show_top()

    def show_list(self) -> None:
        """All devices, where the user left them."""
        self.setCurrentWidget(self.list)
        self.list.focus_view()
