"""What the services are asked about one device."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from desktop.features.devices.device_figures import DeviceFigures, device_figures
from desktop.features.imports.summary import sentences
from services.alerts import Alert, list_alerts
from services.dashboard import device_overview
from services.devices import Device, list_devices
from services.nameplate import Nameplate, check_nameplates, measure
from services.readings import assess_quality, interval_data
from services.scope import Scope


@dataclass(frozen=True)
class Facts:
    device: Device
    nameplate: Nameplate
    places: list[str]


def facts_of(scope: Scope, device_id: str) -> Facts | None:
    device = next((device for device in list_devices(scope) if device.id == device_id), None)
    if device is None:
        return None
    used = measure(scope, [device_id])
    [nameplate] = check_nameplates([device], used)
    places = used[device_id].places if device_id in used else {}
    return Facts(device, nameplate, sorted(filter(None, places)))


def figures_of(scope: Scope, device_id: str, span: tuple[float, float] | None) -> DeviceFigures:
    whole = device_overview(scope, device_id)
    part = device_overview(scope, device_id, *_days(span)) if span else whole
    return device_figures(whole, part, scope.timezone)


def _days(span: tuple[float, float]) -> tuple[date, date]:
    """The first day and the last of a span whose end is excluded."""
    first, last = (datetime.fromtimestamp(second, UTC).date() for second in (span[0], span[1] - 1))
    return first, last


def events_of(scope: Scope, device_id: str) -> tuple[str, list[Alert]]:
    return scope.timezone, [alert for alert in list_alerts(scope) if alert.device_id == device_id]


def quality_of(scope: Scope, device_id: str) -> list[str]:
    meters = assess_quality(interval_data(scope, device_ids=[device_id]))
    return [said for meter in meters for said in sentences(meter, scope.timezone)]
