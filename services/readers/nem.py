"""Read Australian meter data, NEM12 (intervals) and NEM13 (accumulated), as sheets of readings.

AEMO's Meter Data File Format: lines whose first cell says what they are. 200 names a data stream, each 300
below it holds a day of it, 400 the quality of parts of that day; 250 holds two reads of a register.
"""

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from services.readers import limits
from services.readers.encodings import encoding_of
from services.readers.series import BESIDE, UNCLEAR, Series, choose, sheets_of
from services.readers.sheet import FileRefused, LeftOut, RawSheet
from services.readers.text import lines_of

MARKET_TIME = timezone(timedelta(hours=10))
"""Eastern standard time, all year and in all states."""
MINUTES = (1, 5, 15, 30, 60)
DAY = 1440
IMPORT_UNITS = {unit.casefold(): unit for unit in ("Wh", "kWh", "MWh", "W", "kW", "MW", "GJ", "MJ", "m3")}
POWER = {"W", "kW", "MW"}
DIRECTIONS = {**dict.fromkeys("EDF", "consumption"), **dict.fromkeys("BAC", "export")}
"""By the first letter of a stream's suffix, from the view of whoever has the meter."""
CHECKS = {"E": "DF", "D": "F", "B": "AC", "A": "C"}
"""Suffixes of the average and the check meter, by those that count before them."""
QUALITIES = "AEFSNV"
ACTUAL, NO_DATA, VARIABLE = "A", "N", "V"


@dataclass
class Stream:
    """A data stream: whose it is, its unit, and its days."""

    nmi: str
    suffix: str
    unit: str
    direction: str
    days: "dict[int, Day]" = field(default_factory=dict)
    """By their beginning, seconds since 1970."""

    @property
    def name(self) -> str:
        return f"{self.nmi} {self.suffix}"


@dataclass
class Day:
    """A stretch of readings as one line holds it: values, and the quality of each."""

    step: int
    values: "array[float]"
    qualities: bytearray
    updated: str


class MeterData:
    """What the lines of a file say. Raises ValueError for one that says nothing."""

    def __init__(self) -> None:
        self.streams: dict[tuple[str, str, str], Stream] = {}
        self._stream: Stream | None = None
        self._minutes = 0
        self._day: Day | None = None

    def read(self, row: list[str]) -> None:
        """Take in one line."""
        take = {
            "200": self._begin,
            "300": self._intervals,
            "400": self._quality,
            "250": self._accumulated,
        }.get(row[0])
        if take:
            take(row)
        elif row[0] not in ("100", "500", "550", "900"):
            raise ValueError(f"a line begins with “{row[0][:20]}”")

    def _begin(self, row: list[str]) -> None:
        nmi, suffix, unit, minutes = row[1], row[4], row[7], int(row[8])
        if minutes not in MINUTES:
            raise ValueError(f"an interval has {minutes} minutes")
        self._minutes = minutes
        self._stream = self._of(nmi, suffix, unit, DIRECTIONS.get(suffix[:1].upper(), ""))

    def _intervals(self, row: list[str]) -> None:
        if self._stream is None:
            raise ValueError("readings stand before the line that names their meter")
        count = DAY // self._minutes
        quality = row[2 + count][:1].upper() if len(row) > 2 + count else ""
        if not quality or quality not in QUALITIES:
            raise ValueError(f"a day is not {count} values and their quality")
        missing = quality in (NO_DATA, VARIABLE)
        values = array("d", (_number(cell, missing) for cell in row[2 : 2 + count]))
        updated = max((*row[5 + count : 7 + count], ""))
        self._day = Day(self._minutes * 60, values, bytearray(quality.encode() * count), updated)
        self._keep(self._stream, _moment(row[1] + "0000"), self._day)

    def _quality(self, row: list[str]) -> None:
        first, last, quality = int(row[1]), int(row[2]), row[3][:1].upper()
        if self._day is None or not 1 <= first <= last <= len(self._day.values) or quality not in QUALITIES:
            raise ValueError("the quality of a part of a day is said of none")
        self._day.qualities[first - 1 : last] = quality.encode() * (last - first + 1)

    def _accumulated(self, row: list[str]) -> None:
        direction = {"E": "consumption", "I": "export"}.get(row[7].upper(), "")
        stream = self._of(row[1], row[4], row[19], direction)
        began, ended = _moment(row[9]), _moment(row[14])
        if ended <= began:
            raise ValueError("a read is not later than the one before it")
        qualities = {row[10][:1].upper(), row[15][:1].upper()}
        quality = next((q for q in (NO_DATA, "S", "F", "E") if q in qualities), ACTUAL)
        value = _number(row[18], quality == NO_DATA)
        day = Day(
            ended - began, array("d", [value]), bytearray(quality.encode()), max(row[21:23], default="")
        )
        self._keep(stream, began, day)

    def _of(self, nmi: str, suffix: str, unit: str, direction: str) -> Stream:
        unit = IMPORT_UNITS.get(unit.casefold(), unit)
        return self.streams.setdefault((nmi, suffix, unit), Stream(nmi, suffix, unit, direction))

    def _keep(self, stream: Stream, began: int, day: Day) -> None:
        """Keep the day, of several of one day that which was updated last."""
        earlier = stream.days.get(began)
        if earlier is None or day.updated >= earlier.updated:
            stream.days[began] = day


def open_nem(path: Path) -> list[RawSheet]:
    """Return a sheet for each unit of NEM12 or NEM13 data; raises `FileRefused`."""
    limits.check_size(path)
    data, line = MeterData(), 0
    try:
        for number, row in _rows(path):
            line = number
            data.read(row)
    except (ValueError, IndexError, OverflowError, csv.Error) as error:
        reason = "it ends too soon" if isinstance(error, IndexError) else error
        raise FileRefused(
            "{file} is no sound NEM12 or NEM13 file: see its line {line} ({reason}). "
            "Ask for it again, or mend that line.",
            file=path.name,
            line=line,
            reason=reason,
        ) from None
    counted, left = _counted(list(data.streams.values()))
    kept, beside = choose(map(_series, counted), finest_only=False)
    sheets = sheets_of(path, kept, [*left, *beside])
    if not sheets:
        raise FileRefused(
            "{file} is a NEM12 or NEM13 file without readings of energy. "
            "Ask for data streams whose suffix begins with E or B.",
            file=path.name,
        )
    return sheets


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold something with their numbers, cells without spaces around them."""
    with path.open(encoding=encoding_of(path), newline="") as file:
        for number, row in enumerate(csv.reader(lines_of(file, path)), start=1):
            if any(row):
                yield number, [cell.strip() for cell in row]


def _counted(streams: list[Stream]) -> tuple[list[Stream], list[LeftOut]]:
    """Return the streams that count, and those of check meters or without a direction."""
    counted: list[Stream] = []
    left: list[LeftOut] = []
    suffixes = {(stream.nmi, stream.suffix.upper()) for stream in streams}
    for stream in streams:
        letter, number = stream.suffix[:1].upper(), stream.suffix[1:].upper()
        main = [first for first, others in CHECKS.items() if letter in others]
        if any((stream.nmi, first + number) in suffixes for first in main):
            left.append(LeftOut(stream.name, BESIDE, stream.unit))
        elif not stream.direction and stream.unit in IMPORT_UNITS.values():
            left.append(LeftOut(stream.name, UNCLEAR, stream.unit))
        else:
            counted.append(stream)
    return counted, left


def _series(stream: Stream) -> Series:
    kind: Any = "demand" if stream.unit in POWER else "energy"
    utility = "gas" if stream.unit in ("GJ", "MJ", "m3") else "electricity"
    series = Series(stream.name, stream.unit, utility, stream.direction, kind, stream.nmi)
    for began, day in stream.days.items():
        for place, (value, quality) in enumerate(zip(day.values, day.qualities.decode(), strict=True)):
            if quality not in (NO_DATA, VARIABLE):
                series.add(began + place * day.step, day.step, value, quality != ACTUAL)
    return series


def _number(cell: str, may_miss: bool) -> float:
    if not cell and may_miss:
        return float("nan")
    return float(cell)


def _moment(digits: str) -> int:
    """Return seconds since 1970 of digits such as 20250401 or 20250401081500, in the market's time."""
    try:
        moment = datetime.strptime(digits.ljust(14, "0")[:14], "%Y%m%d%H%M%S")
    except ValueError:
        raise ValueError(f"“{digits[:20]}” is no time") from None
    return int(moment.replace(tzinfo=MARKET_TIME).astimezone(UTC).timestamp())
