"""Read MSCONS, the EDIFACT message by which German network operators send meter data, as sheets of readings.

Segments in their order: NAD+DP and LOC+172 name a meter, PIA+5 one of its registers by OBIS code (IEC
62056-61), each QTY below it a value, and the DTM behind that its time.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser

from services.readers import limits
from services.readers.encodings import encoding_of
from services.readers.series import BESIDE, NO_ENERGY, Kind, Series, choose, sheets_of
from services.readers.sheet import FileRefused, LeftOut, RawSheet

OBIS = re.compile(r"(?:(\d+)-\d+:)?(\d+)\.(\d+)(?:\.(\d+))?(?:\*\d+)?")
ELECTRICITY = "1"
UTILITIES = {
    ELECTRICITY: "electricity",
    "5": "cooling",
    "6": "heat",
    "7": "gas",
    "8": "water",
    "9": "water",
}
"""By the medium, the first number of an OBIS code."""
DIRECTIONS = {"1": "consumption", "2": "export"}
"""By what is measured, the third number of electricity's codes; others are no energy."""
REGISTER, MAXIMA, DEMANDS = "8", {"2", "6"}, {"4", "5", "7", "27"}
"""What is measured how: the fourth number."""
UNITS = {"KWH": "kWh", "MWH": "MWh", "WHR": "Wh", "KWT": "kW", "MAW": "MW", "MTQ": "m3", "GJ": "GJ"}
"""By the code of UN/ECE Recommendation 20."""
UNUSABLE, MEASURED = {"20"}, {"220", "79"}
"""Qualifiers of a value; others mark substitutes, forecasts and the like."""
START, END = "163", "164"
FORMATS = {
    "303": "%Y%m%d%H%M",
    "304": "%Y%m%d%H%M%S",
    "203": "%Y%m%d%H%M",
    "204": "%Y%m%d%H%M%S",
    "102": "%Y%m%d",
}
"""Of times, by their code."""
WITH_OFFSET = {"303", "304"}


Register = tuple[str, str, str, bool, Kind]
"""A meter, the OBIS code, the unit, whether times are local, and the kind."""


@dataclass
class Quantity:
    """A value, and what is said of its time by the codes of the DTM segments behind it."""

    qualifier: str
    value: float
    unit: str
    times: dict[str, tuple[int, bool]] = field(default_factory=dict)
    """Seconds since 1970, and whether they are those of a clock whose offset is not said."""


class Message:
    """What the segments of a file say. Raises ValueError for values and times that are none."""

    def __init__(self) -> None:
        self.series: dict[Register, Series] = {}
        self.left: dict[str, LeftOut] = {}
        self._meter = self._code = ""
        self._quantity: Quantity | None = None

    def read(self, tag: str, elements: list[Any]) -> None:
        """Take in one segment."""
        if tag == "DTM":
            self._time(_parts(elements, 0))
            return
        self._settle()
        if tag == "QTY":
            qualifier, value, unit = (*_parts(elements, 0), "", "")[:3]
            self._quantity = Quantity(qualifier, float(value.replace(",", ".")), unit)
        elif tag == "PIA" and _parts(elements, 0)[:1] == ["5"]:
            self._code = _parts(elements, 1)[0]
        elif tag == "LOC" and _parts(elements, 0)[:1] == ["172"]:
            self._meter, self._code = _parts(elements, 1)[0], ""
        elif tag in ("NAD", "LIN", "UNH"):
            self._code = ""

    def _time(self, parts: list[str]) -> None:
        if self._quantity and len(parts) == 3:
            self._quantity.times[parts[0]] = _moment(parts[1], parts[2])

    def _settle(self) -> None:
        """Put the value before this segment, whose times are known now, into its series."""
        quantity, self._quantity = self._quantity, None
        if quantity is None or not quantity.times or quantity.qualifier in UNUSABLE:
            return
        spans = START in quantity.times and END in quantity.times
        (start, is_local) = quantity.times[START] if spans else next(iter(quantity.times.values()))
        series = self._series(quantity.unit, spans, is_local)
        if series:
            seconds = quantity.times[END][0] - start if spans else 0
            if seconds < 0:
                raise ValueError("an interval ends before it begins")
            series.add(start, seconds, quantity.value, quantity.qualifier not in MEASURED)

    def _series(self, said: str, spans: bool, is_local: bool) -> Series | None:
        """Return the series of the current register, None where that is no energy."""
        found = OBIS.fullmatch(self._code)
        medium, measure, how, tariff = found.groups() if found else ("", "", "", "")
        unit = UNITS.get(said, said)
        is_electric = (medium or ELECTRICITY) == ELECTRICITY
        is_energy = found and how not in MAXIMA and (measure in DIRECTIONS or not is_electric)
        is_main = is_energy and (measure == "1" or not is_electric) and tariff in ("0", None)
        name = self._meter if is_main else f"{self._meter} {self._code}"
        if not is_energy:
            self.left.setdefault(name, LeftOut(name, NO_ENERGY, unit))
            return None
        kind: Kind = "register" if not spans and (how == REGISTER or not is_electric) else "energy"
        if how in DEMANDS or unit in ("kW", "MW"):
            kind = "demand"
        elif not spans and kind != "register":
            raise ValueError(f"a value of {self._code} has no beginning and end")
        if is_electric and not unit:
            unit = "kW" if kind == "demand" else "kWh"
        series = Series(
            _plain_name(name),
            unit,
            UTILITIES.get(medium or ELECTRICITY, ""),
            DIRECTIONS[measure] if is_electric else "consumption",
            kind,
            self._meter,
            is_local,
        )
        return self.series.setdefault((self._meter, self._code, unit, is_local, kind), series)


def open_mscons(path: Path) -> list[RawSheet]:
    """Return a sheet for each unit of an MSCONS file; raises `FileRefused`."""
    limits.check_size(path)
    message = Message()
    try:
        for tag, elements in _segments(path):
            message.read(tag, elements)
        message.read("UNZ", [])
    except (EDISyntaxError, ValueError, IndexError, OverflowError) as error:
        raise FileRefused(
            "{file} cannot be read as an MSCONS message ({reason}). Ask for it again.",
            file=path.name,
            reason=error,
        ) from None
    whole, parts = _without_tariffs(message.series)
    kept, beside = choose(whole, finest_only=True)
    sheets = sheets_of(path, kept, [*message.left.values(), *parts, *beside])
    if not sheets:
        raise FileRefused(
            "{file} is an EDIFACT message without readings of energy. Choose one that is MSCONS.",
            file=path.name,
        )
    return sheets


def _segments(path: Path) -> Iterator[tuple[str, list[Any]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library: what it has no description of, it does not check
        content = path.read_text(encoding=encoding_of(path))
        for segment in Parser().parse(content):
            yield segment.tag, list(segment.elements)


def _parts(elements: list[Any], position: int) -> list[str]:
    """Return the components of an element, one empty where it is not there."""
    found = elements[position] if position < len(elements) else ""
    return [str(part) for part in found] if isinstance(found, list) else [str(found)]


def _without_tariffs(
    found: dict[Register, Series],
) -> tuple[list[Series], list[LeftOut]]:
    """Return the series without those of day and night tariffs beside that of their sum."""
    sums = {_register(code, meter, kind) for meter, code, _, _, kind in found if _tariff(code) == "0"}
    whole: list[Series] = []
    left: list[LeftOut] = []
    for (meter, code, _, _, kind), series in found.items():
        if _tariff(code) != "0" and _register(code, meter, kind) in sums:
            left.append(LeftOut(series.meter, BESIDE, series.unit))
        else:
            whole.append(series)
    return whole, left


def _tariff(code: str) -> str:
    match = OBIS.fullmatch(code)
    return (match and match[4]) or "0"


def _register(code: str, meter: str, kind: Kind) -> tuple[str, ...]:
    match = OBIS.fullmatch(code)
    return (meter, kind, *(match.groups()[:3] if match else ()))


def _plain_name(name: str) -> str:
    return " ".join(name.split()) or "Meter"


def _moment(digits: str, form: str) -> tuple[int, bool]:
    """Return seconds since 1970, and whether the offset from UTC is not said."""
    pattern = FORMATS.get(form)
    if pattern is None:
        raise ValueError(f"a time has the format {form}, which no reading has")
    length = {"102": 8, "203": 12, "303": 12}.get(form, 14)
    moment = datetime.strptime(digits[:length], pattern).replace(tzinfo=UTC)
    if form not in WITH_OFFSET:
        return int(moment.timestamp()), True
    offset = digits[length:].ljust(3, "0")
    east = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + (offset[3:5] or "0")))
    return int((moment - east).timestamp()), False
