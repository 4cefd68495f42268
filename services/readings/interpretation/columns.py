"""Which column of a sheet holds what: by its heading, and by what its cells can be."""

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from services.readings.interpretation import cells, clock, numbers, times, words
from services.readings.interpretation.units import is_pure, kind_of, unit_of
from services.readings.interpretation.words import plain

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
        """Field to column, for the fields that have one."""
        return {field: column for field, column in asdict(self).items() if column}

    def missing(self) -> list[str]:
        """The required fields that have no column."""
        return [field for field in REQUIRED if field not in self.chosen()]


def contents(frame: pd.DataFrame) -> dict[str, Content]:
    """What the cells of each column can be."""
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
    if not dated and numbers.are_numbers(some).mean() > 0.5:
        return "number"
    if _share_of_times(some) > 0.5:
        return "date"
    if clock.parse(some).notna().mean() > 0.5:
        return "clock"
    return "number" if numbers.are_numbers(some).mean() > 0.5 else "text"


def _content_of_numbers(some: pd.Series, header: str) -> Content:
    if some.between(0, 2400).all() and not words.is_word(plain(header), words.DATE):
        return "clock"
    return "date" if some.min() > 10_000 and times.parse(some).notna().mean() > 0.5 else "number"


def _share_of_times(some: pd.Series) -> float:
    return max(float(times.parse(some, day_first=order).notna().mean()) for order in (True, False))


def assign(kinds: dict[str, Content]) -> ColumnMap:
    """The columns of a long sheet; a wide one's has no consumption that could be told."""
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
    """The leftmost column of such times, but one that says the end of intervals only for want of another."""
    columns = [name for name, content in kinds.items() if content == kind]
    return min(columns, key=lambda name: (is_end(name), not _is_dated(name)), default=None)


def _is_dated(header: str) -> bool:
    return words.holds_word(plain(header), words.DATE + words.TIME + words.START)


def is_end(header: str) -> bool:
    """Whether a heading of times says that they end the intervals."""
    name = plain(header)
    return words.holds_word(name, words.END) and not words.holds_word(name, ("start", "begin", "von", "from"))


def _first(kinds: dict[str, Content], vocabulary: tuple[str, ...], allowed: set[Content]) -> str | None:
    fitting = [name for name, kind in kinds.items() if kind in allowed and plain(name) in vocabulary]
    return next(iter(fitting), None)


def quantities(kinds: dict[str, Content]) -> list[str]:
    """The columns of numbers that may be energy, demand or a register."""
    return [name for name, kind in kinds.items() if kind == "number" and not _is_other(name)]


def _is_other(header: str) -> bool:
    if unit_of(header):
        return False
    name = plain(header)
    other = name in words.NO_ENERGY + words.NUMBER or words.holds_word(
        name, tuple(w for w in words.NO_ENERGY if len(w) > 4)
    )
    return other or any(name in vocabulary for vocabulary in TEXT_FIELDS.values())


def preference(header: str) -> tuple[int, int]:
    """Energy before demand before a register; a heading with a unit before one without."""
    rank = {"energy": 0, None: 1, "demand": 2, "register": 3}[kind_of(header)]
    return rank, unit_of(header) is None
