"""Cells as times: dates of a spreadsheet, serial numbers, and text in whatever order and language."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.readings.interpretation.cells import TEXT, trimmed
from services.readings.interpretation.matched import Parts, spaced

EARLIEST, LATEST = np.datetime64("1970-01-01", "us"), np.datetime64("2100-01-01", "us")
EPOCH_1900, EPOCH_1904 = "1899-12-30", "1904-01-01"

TAIL = (
    r"(?:(?:[T,;]\s?|\s)(?P<h>\d{1,2})(?:[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?)?"
    r"\s?(?P<ap>(?i:[ap]\.?\s?m\.?|öö|ös))?\s?(?:h|Uhr)?)?"
    r"\s?(?P<off>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?:\s[-–]\s.*)?$"
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


def parse(cells: pd.Series, *, day_first: bool = True, epoch_1904: bool = False) -> pd.Series:
    """Cells as wall-clock times (naive), or UTC where the text says its offset; NaT where unreadable.

    Of two numbers before a year the first is the day if ``day_first``, else the month. 24:00 is the next
    day's 00:00. Two digits of a year are 1970 to 2069. Plain numbers are serial days, seconds or
    milliseconds since 1970 (UTC), or digits like 20240131.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        found = cells
    elif pd.api.types.is_numeric_dtype(cells):
        found = _of_numbers(cells.astype("float64"), epoch_1904)
    elif isinstance(cells.dtype, pd.StringDtype):
        # The meters of a building share their times: each is read once.
        distinct = trimmed(cells).dictionary_encode()
        known = _of_text(distinct.dictionary, day_first=day_first, epoch_1904=epoch_1904)
        found = pd.Series(known.take(distinct.indices.to_numpy()), index=cells.index)
    else:
        found = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    zone = found.dt.tz
    found = found.astype("datetime64[us, UTC]" if zone else "datetime64[us]")
    bare = found.dt.tz_localize(None) if zone else found
    plausible: pd.Series = found.where(bare.between(EARLIEST, LATEST))
    return plausible


def _of_numbers(numbers: pd.Series, epoch_1904: bool) -> pd.Series:
    size = numbers.abs().median()
    if 1.97e7 <= size < 2.2e7 or 1.97e11 <= size < 2.2e11 or 1.97e13 <= size < 2.2e13:
        digits = pa.array(numbers.round().astype("Int64")).cast(pa.large_string())
        return parse(pd.Series(digits, index=numbers.index, dtype=TEXT))
    if size > 1e8:
        seconds = numbers / 1000 if size > 1e11 else numbers
        seconds = seconds.where(seconds.between(0, LATEST.astype("datetime64[s]").astype("int64")))
        instants: pd.Series = pd.Timestamp(0, tz="UTC") + pd.to_timedelta(seconds, unit="s")
        return instants
    origin = EPOCH_1904 if epoch_1904 else EPOCH_1900
    days = numbers.where(numbers.between(1, 1e5))
    dates: pd.Series = (pd.Timestamp(origin) + pd.to_timedelta(days, unit="D")).dt.round("s")
    return dates


def _of_text(written: pa.Array, *, day_first: bool, epoch_1904: bool) -> pd.DatetimeIndex:
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
            parts = Parts(groups.filter(pa.array(matched)))
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
        return pd.DatetimeIndex(_of_numbers(serials, epoch_1904))
    return pd.DatetimeIndex(wall)


def day_first(cells: pd.Series) -> bool | None:
    """Whether a column writes the day before the month, as all of its cells together tell.

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
    parts = Parts(groups.filter(matched))
    first, second = parts.number("a"), parts.number("b")
    first_days, second_days = (first > 12).sum(), (second > 12).sum()
    if first_days != second_days:
        return bool(first_days > second_days)
    if pc.any(pc.match_substring_regex(text.filter(matched), r"^\D*\d{1,2}\.\d{1,2}\.\d")).as_py():
        return True
    return _unbroken(parts)


def _unbroken(parts: Parts) -> bool | None:
    fits = {}
    for order in (True, False):
        wall = parts.wall(order)
        days = np.unique(wall[~np.isnat(wall)].astype("datetime64[D]"))
        several_a_day = len(wall) >= 2 * len(days)
        fits[order] = several_a_day and len(days) > 1 and bool((np.diff(days).astype("int64") == 1).all())
    return None if fits[True] == fits[False] else fits[True]
