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
    rows = [[getattr(device, field) for field in HEADINGS] for device in devices]
    frame = pd.DataFrame(rows, columns=list(HEADINGS.values()))
    write_table(frame.convert_dtypes(), path)  # 850 W, not 850.0, where all ratings are whole
