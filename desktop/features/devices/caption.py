"""How many devices there are, in words."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.features.devices.device_rows import DeviceRow
from desktop.framework.formatting import number

translate = QCoreApplication.translate


def caption(rows: Sequence[DeviceRow], found: int) -> str:
    """How many there are and are shown, how many are suspicious, and how many have no nameplate."""
    if not rows:
        return ""
    if found == len(rows):
        said = [translate("devices", "{count} in all").format(count=number(found))]
    else:
        some = translate("devices", "{found} of {count}")
        said = [some.format(found=number(found), count=number(len(rows)))]
    for template, count in (
        (translate("devices", "{count} suspicious"), suspicious(rows)),
        (translate("devices", "{count} unrated"), sum(map(_unrated, rows))),
    ):
        if count:
            said.append(template.format(count=number(count)))
    return " · ".join(said)


def suspicious(rows: Sequence[DeviceRow]) -> int:
    """How many did not use what their nameplates say."""
    return sum(row.nameplate is not None and row.nameplate.suspicious for row in rows)


def _unrated(row: DeviceRow) -> bool:
    return row.device.rated_power is None or row.device.avg_usage_hours is None
