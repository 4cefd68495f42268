"""The list of devices as a spreadsheet that can be edited and brought in again."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from services.devices.devices import Device
from services.devices.lists.headings import HEADINGS
from services.tables import write_table


def export_devices(devices: Sequence[Device], path: Path) -> None:
    """Write the devices in the order given as .csv or .xlsx; raises `TableRefused`.

    The headings are English whatever the language of the program, so that anyone's Loadlens reads them.
    """
    rows = [[_cell(getattr(device, field)) for field in HEADINGS] for device in devices]
    write_table(pd.DataFrame(rows, columns=list(HEADINGS.values()), dtype="object"), path)


def _cell(value: str | float | None) -> str | float | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value
