"""The page of the devices, as the window knows it."""

from desktop.features.devices.device_list_view_model import DeviceListViewModel
from desktop.features.devices.device_view_model import DeviceViewModel
from desktop.features.devices.page import DevicesWindow
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.page_spec import PageContext, PageSpec, ViewModelSpec
from services.messages import N_


def _build(at: PageContext) -> DevicesWindow:
    devices, device = at.get(DevicesViewModel), at.get(DeviceViewModel)
    page = DevicesWindow(devices, at.get(DeviceListViewModel), device)
    page.import_wanted.connect(lambda: at.show("import", ()))
    page.alert_wanted.connect(lambda alert_id: at.show("alerts", (alert_id,)))
    at.visit(device)
    at.visit(devices)
    return page


def _connect(at: PageContext) -> None:
    devices = at.get(DevicesViewModel)
    devices.changed.connect(lambda: at.refresh_all(but=devices))


DEVICES = PageSpec(
    name="devices",
    title=N_("D&evices"),
    icon="power-plug-outline",
    build=_build,
    connect=_connect,
    show=lambda _at, page, device_id: page.show_device(device_id),
    view_models=(
        ViewModelSpec(
            DevicesViewModel,
            lambda at: DevicesViewModel(at.session, at),
            follows=frozenset({"revisions", "devices", "categories", "facilities"}),
        ),
        ViewModelSpec(
            DeviceViewModel,
            lambda at: DeviceViewModel(at.session, at),
            follows=frozenset({"revisions", "devices", "categories", "alerts", "predictions"}),
        ),
        ViewModelSpec(
            DeviceListViewModel, lambda at: DeviceListViewModel(at.session, at.get(DevicesViewModel), at)
        ),
    ),
)
