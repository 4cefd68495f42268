"""Anomalous readings of a file, without a database."""

from pathlib import Path

from ml.detection import anomalies
from ml.holidays import CountryUnknown
from services import readings
from services.alerts.event import TYPES
from services.holidays import unknown_holidays
from services.tables import write_table


def detect_file(path: Path, output: Path, country: str | None = None) -> int:
    """Write the anomalous readings of a spreadsheet to another (.csv or .xlsx); how many there are.

    Columns: device, date (start of the interval as the file writes it), consumption, expected (kWh), type
    (spike or anomaly), severity. On the public holidays of ``country`` (ISO 3166) a Sunday's readings are
    expected. Raises `HolidaysUnknown`, `readings.FileRefused`, `readings.MappingRefused` and
    `tables.TableRefused`; ``output`` is written whole or not at all.
    """
    frame = readings.read_file(path, "UTC").frame
    try:
        found = anomalies.find(frame, country=country)
    except CountryUnknown:
        raise unknown_holidays(country) from None
    rows = found.assign(
        date=found["date"].dt.tz_localize(None),
        expected=found["expected"].round(4),
        type=found["kind"].map(TYPES),
    )
    write_table(rows[["device", "date", "consumption", "expected", "type", "severity"]], output)
    return len(rows)
