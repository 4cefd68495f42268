"""Find a sheet's header and which column holds what: by its heading, and by what its cells can be."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from services.names import name_key
from services.readings import times
from services.readings.measures import measure_of
from services.readings.units import is_pure, kind_of, unit_of, without_unit
from services.sheets import cells, words
from services.sheets.cells import TEXT
from services.sheets.words import plain

Row = list[str | None]

DATE_LIKE = re.compile(
    r"^\D{0,12}\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\d{4}-\d\d\b|^\d{1,2}\.?[ -]?(?:de )?[^\W\d]{3,}\.?[ .-]+\d"
    r"|^[^\W\d]{3,}\.? (?:\d{1,2},? )?\d{4}\b|^(?:19|20)\d{6}(?:\d{4,6})?(?:T|$)"
)
NUMBER_LIKE = re.compile(r"^[+-]?[\d.,'’\s]*\d(?:[eE][+-]?\d+)?$")
LONG_NUMBER = re.compile(r"^\d{5,}$")
DATE_FORMAT = re.compile(r"^[dmyhsjga\W]+$", re.IGNORECASE)

ALL_WORDS = (
    words.DATE + words.TIME,
    words.START + words.END,
    words.DEVICE,
    words.CATEGORY,
    words.LOCATION,
    words.NOTES,
    words.CONSUMPTION + words.ENERGY + words.DEMAND + words.REGISTER,
)


@dataclass(frozen=True)
class Header:
    """The 0-based row of a header's first line, how many lines it has, and a name for every column."""

    row: int
    rows: int
    names: tuple[str, ...]


def find_header(head: list[Row]) -> Header:
    """Return the header above the first readings: the row that names most, and the line that belongs to it.

    A sheet that begins with readings has no header line: ``rows`` is 0.
    """
    first = _first_readings(head)
    above = range(first) if first else range(0)
    if first == 0:
        return Header(0, 0, _distinct([None] * len(head[0])))
    candidates = [row for row in (above or range(len(head))) if any(head[row])]
    if not candidates:
        return Header(first or 0, 0, _distinct([None] * len(head[0])))
    values = max((row for row in candidates if _holds_values(head[row])), default=-1)
    named = [row for row in candidates if row > values]
    best = max(named or candidates, key=lambda row: (_score(head[row]), row if above else -row))
    if (best + 1 in above or (first is None and best + 1 < len(head))) and _is_second_line(head[best + 1]):
        return Header(best, 2, _distinct(_joined(head[best], head[best + 1])))
    if best and _needs_line_above(head[best - 1], head[best]):
        return Header(best - 1, 2, _distinct(_joined(head[best - 1], head[best])))
    return Header(best, 1, _distinct(head[best]))


def _first_readings(head: list[Row]) -> int | None:
    """Return the first row with a date and a number whose next row is like it."""
    rows = [row for row in range(len(head)) if any(head[row])]
    alike = [_is_reading(head[row]) for row in rows]
    for position, row in enumerate(rows):
        if alike[position] and all(alike[position + 1 : position + 2]):
            return row
    return next((row for row, is_reading in zip(rows, alike, strict=True) if is_reading), None)


def _is_reading(row: Row) -> bool:
    filled = [cell.strip() for cell in row if cell and cell.strip()]
    dates = [cell for cell in filled if DATE_LIKE.match(cell)]
    return bool(dates) and any(NUMBER_LIKE.match(cell) for cell in filled if cell not in dates)


def _score(row: Row) -> tuple[int, int]:
    cells = [cell for cell in row if cell and cell.strip()]
    if any(NUMBER_LIKE.match(cell.strip()) for cell in cells) and not _names_fields(cells):
        return 0, 0
    return _names_fields(cells), len(cells)


def _names_fields(cells: list[str]) -> int:
    plains = [plain(without_unit(cell)) for cell in cells]
    known = sum(any(words.holds_word(name, field) for name in plains) for field in ALL_WORDS)
    return min(known + any(map(unit_of, cells)), len(cells))


def _is_second_line(row: Row) -> bool:
    """Return whether a line below the names only says units, formats and the like."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    return bool(cells) and all(_is_annotation(cell) for cell in cells)


def _is_annotation(cell: str) -> bool:
    name = plain(without_unit(cell))
    return not name or any(name in field for field in ALL_WORDS) or bool(DATE_FORMAT.match(cell))


def _holds_values(row: Row) -> bool:
    """Return whether a line has dates or long numbers, as those of names and values above a table have."""
    written = [(cell or "").strip() for cell in row]
    return any(DATE_LIKE.match(cell) for cell in written) and any(LONG_NUMBER.match(cell) for cell in written)


def _needs_line_above(upper: Row, lower: Row) -> bool:
    """Return whether a header's names are incomplete without the line above it."""
    above = [position for position, cell in enumerate(upper) if cell and cell.strip()]
    names = [cell.strip() for cell in lower if cell and cell.strip()]
    if not above or above == [0]:
        return False
    if _holds_values(upper):
        return False
    repeats = len(set(names)) < len(names)
    fills = len(above) > 1 and any(not (lower[position] or "").strip() for position in above)
    names_none = all(lower[position] and is_pure(lower[position] or "") for position in above)
    return repeats or fills or names_none


def _joined(upper: Row, lower: Row) -> Row:
    """Return one name a column: a merged cell of the upper line stands above several of the lower."""
    names: Row = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = (above or "").strip() or (group if below else "")
        names.append(f"{group} {(below or '').strip()}".strip())
    return names


def _distinct(headers: Row) -> tuple[str, ...]:
    """Return distinct names: repeated headings numbered, those spelled in several ways as they stand."""
    folded = [" ".join((header or "").split()) for header in headers]
    spellings: defaultdict[str, set[str | None]] = defaultdict(set)
    for name, header in zip(folded, headers, strict=True):
        spellings[name].add(header)
    names: dict[str, None] = {}
    for position, (name, header) in enumerate(zip(folded, headers, strict=True), start=1):
        if not name_key(name):
            name = f"Column {position}"
        elif header and len(spellings[name]) > 1:
            name = header
        while name in names:
            name = f"{name} ({position})"
        names[name] = None
    return tuple(names)


FIELDS = ("date", "time", "device", "number", "consumption", "category", "location", "notes")
REQUIRED = ("date", "device", "consumption")

TEXT_FIELDS = {
    "device": words.DEVICE,
    "category": words.CATEGORY,
    "location": words.LOCATION,
    "notes": words.NOTES,
}
EDGES = words.START + words.END
DATE_WORDS = words.DATE + words.TIME + tuple(word for word in EDGES if len(word) > 3)
QUANTITY = words.CONSUMPTION + words.ENERGY + words.DEMAND + words.REGISTER

Content = Literal["date", "clock", "number", "text", "empty"]


@dataclass(frozen=True)
class ColumnMap:
    """The name of the column that holds each field: None where none is known, empty where none is wanted."""

    date: str | None = None
    time: str | None = None
    """Times of the day, where ``date`` holds only the day."""
    device: str | None = None
    number: str | None = None
    """The meter's number, where ``device`` holds its name."""
    consumption: str | None = None
    category: str | None = None
    location: str | None = None
    notes: str | None = None

    def chosen(self) -> dict[str, str]:
        """Return the column of each field that has one."""
        return {field: column for field, column in asdict(self).items() if column}

    def missing(self) -> list[str]:
        """Return the required fields that have no column."""
        return [field for field in REQUIRED if field not in self.chosen()]


@dataclass(frozen=True)
class Beside:
    """Columns that say more of each row's reading."""

    end: str | None = None
    """When its interval ends."""
    seconds: str | None = None
    """How long its interval is."""
    measures: tuple[str, ...] = ()
    """Columns of text whose cells say a unit, a direction, a utility or a kind."""
    multiplier: str | None = None
    quality: str | None = None
    """Whether it was measured or estimated."""
    register: str | None = None
    """What tells several series of one meter apart."""


def column_contents(frame: pd.DataFrame) -> dict[str, Content]:
    """Return what the cells of each column can be."""
    return {name: _content(frame[name], name) for name in frame.columns}


def _content(column: pd.Series, header: str) -> Content:
    some = cells.sample(column)
    if some.empty:
        return "empty"
    name = plain(header)
    dated = not unit_of(header) and (words.holds_word(name, DATE_WORDS) or words.is_word(name, EDGES))
    if pd.api.types.is_datetime64_any_dtype(some):
        return "clock" if (some < pd.Timestamp("1905-01-01", tz=some.dt.tz)).all() else "date"
    if pd.api.types.is_numeric_dtype(some):
        return _content_of_numbers(some, header) if dated else "number"
    if not dated and cells.are_numbers(some).mean() > 0.5:
        return "number"
    if _share_of_times(some) > 0.5:
        return "date"
    if times.parse_clock(some).notna().mean() > 0.5:
        return "clock"
    return "number" if cells.are_numbers(some).mean() > 0.5 else "text"


def _content_of_numbers(some: pd.Series, header: str) -> Content:
    if some.between(0, 2400).all() and not words.is_word(plain(header), words.DATE):
        return "clock"
    return "date" if some.min() > 10_000 and times.parse_times(some).notna().mean() > 0.5 else "number"


def _share_of_times(some: pd.Series) -> float:
    return max(float(times.parse_times(some, day_first=order).notna().mean()) for order in (True, False))


def assign_fields(kinds: dict[str, Content]) -> ColumnMap:
    """Return the columns of a long sheet; a wide one's has no consumption that could be told."""
    found: dict[str, str | None] = dict.fromkeys(FIELDS)
    found["date"] = _of_times(kinds, "date") or _first(kinds, words.DATE, {"text", "empty"})
    found["time"] = _of_times({name: kind for name, kind in kinds.items() if name != found["date"]}, "clock")
    values = quantities(kinds)
    found["consumption"] = min(filter(is_pure, values), key=preference, default=None)
    for whole in (True, False):
        for field, vocabulary in TEXT_FIELDS.items():
            allowed = {"text", "number", "empty"} if whole else {"text"}
            fits = words.is_word if whole else words.holds_word
            fitting = (
                n for n, k in kinds.items() if n not in found.values() and k in allowed and not unit_of(n)
            )
            found[field] = found[field] or next((n for n in fitting if fits(plain(n), vocabulary)), None)
    if found["device"]:
        free = {name: kind for name, kind in kinds.items() if name not in found.values()}
        found["number"] = _first(free, words.NUMBER, {"text", "number"})
    return ColumnMap(**found)


def _of_times(kinds: dict[str, Content], kind: Content) -> str | None:
    """Return the leftmost column of such times; one of the ends of intervals only if there is no other."""
    columns = [name for name, content in kinds.items() if content == kind]
    return min(columns, key=lambda name: (is_end(name), not _is_dated(name)), default=None)


def _is_dated(header: str) -> bool:
    return words.holds_word(plain(header), words.DATE + words.TIME + words.START)


def is_end(header: str) -> bool:
    """Return whether a heading of times says that they end the intervals."""
    name = plain(header)
    return words.holds_word(name, words.END) and not words.holds_word(name, ("start", "begin", "von", "from"))


def _first(kinds: dict[str, Content], vocabulary: tuple[str, ...], allowed: set[Content]) -> str | None:
    fitting = [name for name, kind in kinds.items() if kind in allowed and plain(name) in vocabulary]
    return next(iter(fitting), None)


def quantities(kinds: dict[str, Content]) -> list[str]:
    """Return the columns of numbers that may be energy, demand or a register."""
    return [name for name, kind in kinds.items() if kind == "number" and not _is_other(name)]


def _is_other(header: str) -> bool:
    if measure_of(header).why:
        return True
    if unit_of(header):
        return False
    name = plain(header)
    if measure_of(header).direction and name not in words.NO_ENERGY + words.NUMBER:
        return False
    other = name in words.NO_ENERGY + words.NUMBER or words.holds_word(
        name, tuple(w for w in words.NO_ENERGY if len(w) > 4)
    )
    return other or any(name in vocabulary for vocabulary in TEXT_FIELDS.values())


def preference(header: str) -> tuple[int, int]:
    """Rank energy before demand before a register, and a heading with a unit before one without."""
    rank = {"energy": 0, None: 1, "demand": 2, "register": 3}[kind_of(header)]
    return rank, unit_of(header) is None


STEPS = {24: 3600, 48: 1800, 96: 900, 288: 300}
"""Seconds of an interval, by how many a day has."""
NUMBERED = re.compile(r"(\D*?) ?0*(\d{1,3})( ?(?:h|hr|uhr|ore|kwh)?)")
"""A number, with what stands before it."""


def columns_of_hours(names: Sequence[str]) -> dict[str, int]:
    """Return the columns that are times of the day, with the seconds from midnight to each interval's start.

    Headings are times, of the start or the end of the interval, or numbers from 0 or 1. One hour more than
    a day has is autumn's: then seconds are those that have passed. Empty unless the columns make up a day.
    """
    return _hours_from_clocks(names) or _hours_from_numbers(names)


def _hours_from_clocks(names: Sequence[str]) -> dict[str, int]:
    bare = [without_unit(name) if unit_of(name) else name for name in names]
    written = pd.Series(
        [match[0] if (match := re.search(r"\d{1,2}[:.h]\d\d.*$", name)) else "" for name in bare], dtype=TEXT
    ).str.strip(" ])")
    seconds = times.parse_clock(written)
    found = seconds.dropna().astype("int64")
    step = STEPS.get(len(found))
    if step is None:
        return {}
    first = found.iloc[0]
    starts = (found - first) % times.DAY
    if first not in (0, step) or (starts != np.arange(len(found)) * step).any():
        return {}
    return dict(zip([names[position] for position in found.index], starts.tolist(), strict=True))


def _hours_from_numbers(names: Sequence[str]) -> dict[str, int]:
    """Return the columns whose headings differ in a number only, from 0 or 1 on."""
    families: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for name in names:
        if match := NUMBERED.fullmatch(plain(without_unit(name)) or plain(name)):
            families[match[1].strip()][name] = int(match[2])
    for found in families.values():
        first = min(found.values())
        if first not in (0, 1) or list(found.values()) != list(range(first, first + len(found))):
            continue
        for per_day, step in STEPS.items():
            if per_day <= len(found) <= per_day + per_day // 24:
                return {name: (number - first) * step for name, number in found.items()}
    return {}
