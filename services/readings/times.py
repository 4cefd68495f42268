"""Read cells as dates, times of the day and local times, in whatever order and language they are written."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.sheets.cells import TEXT, trimmed
from services.sheets.words import MONTHS, plain


def spaced(written: pa.Array) -> pa.Array:
    """Return text with every run of spaces, of whatever width, as one."""
    return pc.replace_substring_regex(written, r"[\s\x{00A0}\x{202F}\x{2009}]+", " ")


class TimeParts:
    """The named groups of a family's matches."""

    def __init__(self, groups: pa.StructArray) -> None:
        self._groups = groups
        self._names = {field.name for field in groups.type}

    def text(self, name: str) -> pa.Array:
        if name not in self._names:
            return pa.array([""] * len(self._groups), pa.large_string())
        return self._groups.field(name)

    def number(self, name: str, missing: int = 0) -> np.ndarray:
        text = self.text(name)
        numbers = pc.cast(pc.if_else(pc.equal(text, ""), None, text), pa.int64()).fill_null(missing)
        result: np.ndarray = numbers.to_numpy(zero_copy_only=False)
        return result

    def wall(self, day_first: bool) -> np.ndarray:
        years = self.number("y")
        years = np.where(years >= 100, years, np.where(years < 70, 2000 + years, 1900 + years))
        if "a" in self._names:
            first, second = self.number("a"), self.number("b")
            days, months = (first, second) if day_first else (second, first)
        else:
            days = self.number("d", missing=1)
            months = (
                self._mapped("name", _month_number) if "name" in self._names else self.number("m", missing=1)
            )
        hours = self.hours()
        minutes, seconds = self.number("mi"), self.number("s")
        month = ((years - 1970) * 12 + np.clip(months, 1, 12) - 1).astype("datetime64[M]")
        day = month.astype("datetime64[D]") + (days - 1)
        good = (months >= 1) & (months <= 12) & (days >= 1) & (day.astype("datetime64[M]") == month)
        good &= (minutes < 60) & (seconds < 60) & (hours * 3600 + minutes * 60 + seconds <= 86400)
        wall: np.ndarray = day.astype("datetime64[s]") + (hours * 3600 + minutes * 60 + seconds)
        wall[~good] = np.datetime64("NaT")
        return wall

    def hours(self) -> np.ndarray:
        return _hours_of_day(self.number("h"), self.text("ap"))

    def offset(self) -> np.ndarray:
        return self._mapped("off", _offset_seconds)

    def _mapped(self, name: str, meaning: Callable[[str], float]) -> np.ndarray:
        codes = self.text(name).dictionary_encode()
        known = np.array([meaning(word) for word in codes.dictionary.to_pylist()])
        result: np.ndarray = known[codes.indices.to_numpy()]
        return result


def _hours_of_day(hours: np.ndarray, half: pa.Array) -> np.ndarray:
    """Return hours of the day from hours followed by am, pm or nothing; 99 where there is no such hour."""
    marks = pc.utf8_lower(half)
    before = pc.match_substring_regex(marks, "^(?:a|öö)").to_numpy(zero_copy_only=False)
    after = pc.match_substring_regex(marks, "^(?:p|ös)").to_numpy(zero_copy_only=False)
    twelve = np.where((hours >= 1) & (hours <= 12), hours % 12, 99)
    return np.where(before, twelve, np.where(after, twelve + 12, hours))


def _month_number(name: str) -> int:
    return MONTHS.get(plain(name), 0)


def _offset_seconds(text: str) -> float:
    """Return seconds east of Greenwich, NaN where nothing is written."""
    if not text:
        return np.nan
    if text[0] not in "+-":
        return 0.0
    digits = text[1:].replace(":", "").ljust(4, "0")
    return (1 if text[0] == "+" else -1) * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


EARLIEST, LATEST = np.datetime64("1970-01-01", "us"), np.datetime64("2100-01-01", "us")
EPOCH_1900, EPOCH_1904 = "1899-12-30", "1904-01-01"

TAIL = (
    r"(?:(?:[T,;]\s?|\s)(?P<h>\d{1,2})(?:[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?)?"
    r"\s?(?P<ap>(?i:[ap]\.?\s?m\.?|öö|ös))?\s?(?:h|Uhr)?)?"
    r"\s?(?P<off>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?:\s(?:[-–]|to|bis|a|à|al|tot|do|til|till|until)\s.*)?$"
)
YEAR_FIRST = r"^(?P<y>\d{4})[-./](?P<m>\d{1,2})(?:[-./](?P<d>\d{1,2}))?" + TAIL
TWO_NUMBERS_FIRST = r"^(?:\pL+\.?,?\s)?(?P<a>\d{1,2})[-./](?P<b>\d{1,2})[-./](?P<y>\d{4}|\d{2})" + TAIL
DAY_AND_NAME = (
    r"^(?:\pL+\.?,?\s)?(?P<d>\d{1,2})\.?[-./\s](?:de\s)?"
    r"(?P<name>\pL+)\.?,?[-./\s](?:de\s)?(?P<y>\d{4}|\d{2})"
) + TAIL
NAME_AND_DAY = r"^(?:\pL+\.?,?\s)?(?P<name>\pL+)\.?[-./\s](?P<d>\d{1,2}),?[-./\s](?P<y>\d{4}|\d{2})" + TAIL
NAME_AND_YEAR = r"^(?P<name>\pL+)\.?,?[-./\s](?:de\s)?(?P<y>\d{4}|\d{2})" + TAIL
MONTH_AND_YEAR = r"^(?P<m>\d{1,2})[-./](?P<y>\d{4})" + TAIL
COMPACT = (
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
    r"(?:[T\s]?(?P<h>\d{2}):?(?P<mi>\d{2})(?::?(?P<s>\d{2}))?)?(?P<off>Z|[+-]\d{2}:?\d{2})?$"
)
FAMILIES = (
    YEAR_FIRST,
    TWO_NUMBERS_FIRST,
    DAY_AND_NAME,
    NAME_AND_DAY,
    NAME_AND_YEAR,
    MONTH_AND_YEAR,
    COMPACT,
)


def parse_times(cells: pd.Series, *, day_first: bool = True, epoch_1904: bool = False) -> pd.Series:
    """Return cells as wall-clock times (naive), or UTC where the text says its offset; NaT where unreadable.

    Of two numbers before a year the first is the day if ``day_first``, else the month. 24:00 is the next
    day's 00:00. Two digits of a year are 1970 to 2069. Plain numbers are serial days, seconds or
    milliseconds since 1970 (UTC), or digits like 20240131.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        found = cells
    elif pd.api.types.is_numeric_dtype(cells):
        found = _times_from_numbers(cells.astype("float64"), epoch_1904)
    elif isinstance(cells.dtype, pd.StringDtype):
        # The meters of a building share their times: each is read once.
        distinct = trimmed(cells).dictionary_encode()
        known = _times_from_text(distinct.dictionary, day_first=day_first, epoch_1904=epoch_1904)
        found = pd.Series(known.take(distinct.indices.to_numpy()), index=cells.index)
    else:
        found = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    zone = found.dt.tz
    found = found.astype("datetime64[us, UTC]" if zone else "datetime64[us]")
    bare = found.dt.tz_localize(None) if zone else found
    plausible: pd.Series = found.where(bare.between(EARLIEST, LATEST))
    return plausible


def _times_from_numbers(numbers: pd.Series, epoch_1904: bool) -> pd.Series:
    size = numbers.abs().median()
    if 1.97e7 <= size < 2.2e7 or 1.97e11 <= size < 2.2e11 or 1.97e13 <= size < 2.2e13:
        digits = pa.array(numbers.round().astype("Int64")).cast(pa.large_string())
        return parse_times(pd.Series(digits, index=numbers.index, dtype=TEXT))
    if size > 1e8:
        seconds = numbers / 1000 if size > 1e11 else numbers
        seconds = seconds.where(seconds.between(0, LATEST.astype("datetime64[s]").astype("int64")))
        instants: pd.Series = pd.Timestamp(0, tz="UTC") + pd.to_timedelta(seconds, unit="s")
        return instants
    origin = EPOCH_1904 if epoch_1904 else EPOCH_1900
    days = numbers.where(numbers.between(1, 1e5))
    dates: pd.Series = (pd.Timestamp(origin) + pd.to_timedelta(days, unit="D")).dt.round("s")
    return dates


def _times_from_text(written: pa.Array, *, day_first: bool, epoch_1904: bool) -> pd.DatetimeIndex:
    text = spaced(written)
    wall = np.full(len(text), np.datetime64("NaT"), dtype="datetime64[s]")
    offset = np.full(len(text), np.nan)
    rest = np.arange(len(text))
    for family in FAMILIES:
        if not len(rest):
            break
        groups = pc.extract_regex(text.take(pa.array(rest)), family)
        matched = groups.is_valid().to_numpy(zero_copy_only=False)
        if matched.any():
            parts = TimeParts(groups.filter(pa.array(matched)))
            wall[rest[matched]] = parts.wall(day_first)
            offset[rest[matched]] = parts.offset()
        rest = rest[~matched]
    if np.isfinite(offset).any():
        known = np.isfinite(offset)
        wall[~known] = np.datetime64("NaT")  # beside times with an offset, one without tells no instant
        wall[known] -= offset[known].astype("int64").astype("timedelta64[s]")
        return pd.DatetimeIndex(wall).tz_localize("UTC")
    if len(rest) == len(text) and len(text):
        serials = pd.Series(
            pc.if_else(pc.match_substring_regex(text, r"^\d+(\.\d+)?$"), text, None).to_numpy(
                zero_copy_only=False
            ),
            dtype="float64",
        )
        return pd.DatetimeIndex(_times_from_numbers(serials, epoch_1904))
    return pd.DatetimeIndex(wall)


PERIOD = r"^.*\d.*?\s(?:[-–—]|to|bis|a|à|al|tot|do|til|till|until)\s(?P<end>\d.*\d.*)$"


def parse_ends(cells: pd.Series, *, day_first: bool) -> pd.Series | None:
    """Return the ends of periods written "A to B" as `parse_times` does; None where none is written so."""
    if not isinstance(cells.dtype, pd.StringDtype):
        return None
    head = spaced(trimmed(cells.iloc[:20]))
    if not pc.any(pc.match_substring_regex(head, PERIOD)).as_py():
        return None
    ends = pc.extract_regex(spaced(trimmed(cells)), PERIOD)
    written = pd.Series(ends.field("end"), index=cells.index, dtype=TEXT)
    found = parse_times(written, day_first=day_first)
    return found if found.notna().any() and found.dt.tz is None else None


def infer_day_first(cells: pd.Series) -> bool | None:
    """Return whether a column writes the day before the month, as all of its cells together tell.

    A number above twelve can only be a day; a point between them stands in dates that begin with the day;
    and times of the day follow each other without a gap in the right order only. None where a column does
    not tell.
    """
    if not isinstance(cells.dtype, pd.StringDtype):
        return True
    text = spaced(pc.unique(trimmed(cells)))
    groups = pc.extract_regex(text, TWO_NUMBERS_FIRST)
    matched = groups.is_valid()
    if not pc.any(matched).as_py():
        return True
    parts = TimeParts(groups.filter(matched))
    first, second = parts.number("a"), parts.number("b")
    first_days, second_days = (first > 12).sum(), (second > 12).sum()
    if first_days != second_days:
        return bool(first_days > second_days)
    if pc.any(pc.match_substring_regex(text.filter(matched), r"^\D*\d{1,2}\.\d{1,2}\.\d")).as_py():
        return True
    return _unbroken(parts)


def _unbroken(parts: TimeParts) -> bool | None:
    fits = {}
    for order in (True, False):
        wall = parts.wall(order)
        days = np.unique(wall[~np.isnat(wall)].astype("datetime64[D]"))
        several_a_day = len(wall) >= 2 * len(days)
        fits[order] = several_a_day and len(days) > 1 and bool((np.diff(days).astype("int64") == 1).all())
    return None if fits[True] == fits[False] else fits[True]


CLOCK = (
    r"^(?P<h>\d{1,2})(?:[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?)?"
    r"\s?(?P<ap>(?i:[ap]\.?\s?m\.?|öö|ös))?\s?(?:h|Uhr)?(?:\s?[-–]\s?\d.*)?$"
)
DAY = 86400


def parse_clock(cells: pd.Series) -> pd.Series:
    """Return cells as seconds since midnight (float64, up to 86400), NaN where a cell is no time of the day.

    Numbers are parts of a day, hours, or digits like 1345.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        seconds = (cells - cells.dt.normalize()).dt.total_seconds()
    elif pd.api.types.is_numeric_dtype(cells):
        seconds = _clock_from_numbers(cells.astype("float64"))
    elif isinstance(cells.dtype, pd.StringDtype):
        distinct = trimmed(cells).dictionary_encode()
        seconds = pd.Series(
            _clock_from_text(distinct.dictionary)[distinct.indices.to_numpy()], index=cells.index
        )
    else:
        seconds = pd.Series(np.nan, index=cells.index)
    possible: pd.Series = seconds.where(seconds.between(0, DAY))
    return possible


def numbered_hours(cells: pd.Series) -> pd.Series | None:
    """Return hours numbered from 1 to 25, as on the day on which summer time ends; None for others."""
    if pd.api.types.is_numeric_dtype(cells):
        numbers = cells.astype("float64")
    elif isinstance(cells.dtype, pd.StringDtype):
        numbers = pd.to_numeric(cells, errors="coerce")
    else:
        return None
    known = numbers.dropna()
    if known.empty or known.max() != 25 or known.min() < 1 or (known % 1 != 0).any():
        return None
    return numbers


def _clock_from_numbers(numbers: pd.Series) -> pd.Series:
    largest = numbers.max()
    if largest <= 1:
        return (numbers * DAY).round()
    if largest <= 24:
        return numbers * 3600
    if numbers.min() >= 1 and largest <= 25:
        return (numbers - 1) * 3600
    hours, minutes = numbers // 100, numbers % 100
    return (hours * 3600 + minutes * 60).where(minutes < 60)


def _clock_from_text(written: pa.Array) -> np.ndarray:
    text = spaced(written)
    bare = pc.replace_substring_regex(text, r"^(?:1899-12-3[01]|190[04]-01-0[01])[T ]", "")
    if pc.all(pc.or_(pc.match_substring_regex(bare, r"^(?:\d+(?:\.\d+)?)$"), pc.equal(bare, ""))).as_py():
        numbers = pc.cast(pc.if_else(pc.equal(bare, ""), None, bare), pa.float64())
        return _clock_from_numbers(pd.Series(numbers.to_numpy(zero_copy_only=False))).to_numpy()
    groups = pc.extract_regex(bare, CLOCK)
    parts = TimeParts(groups.fill_null({"h": "99", "mi": "", "s": "", "ap": ""}))
    hours, minutes, seconds = parts.hours(), parts.number("mi"), parts.number("s")
    total = hours * 3600.0 + minutes * 60 + seconds
    return np.where((minutes < 60) & (seconds < 60) & (total <= DAY), total, np.nan)


def parse_local_times(
    dates: pd.Series, clock: pd.Series | None, *, day_first: bool, epoch_1904: bool
) -> pd.Series:
    """Read each row's date, and its time of the day where that stands in a column of its own.

    Returns naive local times, or UTC where the text says its offset; NaT where a row has none.
    """
    days = parse_times(dates, day_first=day_first, epoch_1904=epoch_1904)
    if clock is None:
        return days
    seconds = pd.to_timedelta(parse_clock(clock), unit="s").astype("timedelta64[us]")
    wall: pd.Series = days.dt.normalize() + seconds
    return wall
