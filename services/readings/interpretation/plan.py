"""All that was decided about one sheet, which the user may change before anything is stored."""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

from services.errors import LoadlensError
from services.readings.interpretation.columns import ColumnMap
from services.readings.interpretation.numbers import Mark
from services.readings.interpretation.units import Kind, Unit
from services.readings.sources.sheet import Sheet

Layout = Literal["long", "wide", "hours"]

HEADLESS = {
    "date": "{where} has no column of dates. Say which column holds them.",
    "meters": "{where} has no column of meters. Say which columns are meters.",
    "hours": "{where} has no column for each time of the day. Choose another layout.",
    "consumption": "{where} has no column of consumption. Say which column holds the kWh.",
}


class MappingRefused(LoadlensError):
    """What was decided or said about a sheet does not make readings of it."""


@dataclass(frozen=True)
class Plan:
    """How a sheet's cells become readings."""

    sheet: str
    header: int
    """0-based row of the header's first line."""
    header_rows: int
    """1 or 2; 0 where the sheet begins with readings."""
    columns: tuple[str, ...]
    """Names of all columns from left to right, each once."""
    layout: Layout
    """A row a reading, a column a meter, or a row a day with a column for each time of it."""
    map: ColumnMap
    meters: tuple[str, ...]
    """The columns with numbers, unless it is one: of a wide sheet its meters, else its times of the day."""
    device_name: str
    """Of a long sheet without a column of devices: its one device."""
    kind: Kind
    unit: Unit
    decimal: Mark
    day_first: bool | None
    """None: the dates do not tell, somebody has to."""
    stamp: Literal["start", "end"]
    interval_minutes: float | None
    """None: each meter's own, from its times."""
    timezone: str
    """IANA name of the zone of wall-clock times."""
    kind_from_numbers: bool = False
    """Whether only the numbers, which never fall, say that they are a register's."""


def complaint(plan: Plan) -> MappingRefused | None:
    """What somebody has to say before the sheet can be imported; its ``str`` is the sentence."""
    where = f"Sheet “{plan.sheet}”"
    if not plan.map.date:
        return MappingRefused(HEADLESS["date"], where=where)
    if plan.layout == "wide" and not plan.meters:
        return MappingRefused(HEADLESS["meters"], where=where)
    if plan.layout == "hours" and not plan.meters:
        return MappingRefused(HEADLESS["hours"], where=where)
    if plan.layout == "long" and not plan.map.consumption:
        return MappingRefused(HEADLESS["consumption"], where=where)
    if plan.day_first is None:
        return MappingRefused(
            "The dates in column “{column}” may begin with the day or with the month: nothing in the column "
            "tells. Say which comes first.",
            column=plan.map.date,
        )
    return None


def looks_like_readings(plan: Plan) -> bool:
    """Whether a sheet holds readings as far as can be told, so that it is imported unasked."""
    return bool(plan.map.date and (plan.map.consumption if plan.layout == "long" else plan.meters))


def layout_of(sheet: Sheet, plan: Plan) -> str:
    """A fingerprint that files of the same layout share: their headings, in their order."""
    written = json.dumps([plan.header_rows, *plan.columns], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
