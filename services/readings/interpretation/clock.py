"""Cells as times of the day, for sheets that keep them beside the date."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.readings.interpretation.cells import trimmed
from services.readings.interpretation.matched import Parts, spaced

CLOCK = (
    r"^(?P<h>\d{1,2})(?:[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?)?"
    r"\s?(?P<ap>(?i:[ap]\.?\s?m\.?|öö|ös))?\s?(?:h|Uhr)?(?:\s?[-–]\s?\d.*)?$"
)
DAY = 86400


def parse(cells: pd.Series) -> pd.Series:
    """Cells as seconds since midnight (float64, up to 86400), NaN where a cell is no time of the day.

    Numbers are parts of a day, hours, or digits like 1345.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        seconds = (cells - cells.dt.normalize()).dt.total_seconds()
    elif pd.api.types.is_numeric_dtype(cells):
        seconds = _of_numbers(cells.astype("float64"))
    elif isinstance(cells.dtype, pd.StringDtype):
        distinct = trimmed(cells).dictionary_encode()
        seconds = pd.Series(_of_text(distinct.dictionary)[distinct.indices.to_numpy()], index=cells.index)
    else:
        seconds = pd.Series(np.nan, index=cells.index)
    possible: pd.Series = seconds.where(seconds.between(0, DAY))
    return possible


def _of_numbers(numbers: pd.Series) -> pd.Series:
    largest = numbers.max()
    if largest <= 1:
        return (numbers * DAY).round()
    if largest <= 24:
        return numbers * 3600
    hours, minutes = numbers // 100, numbers % 100
    return (hours * 3600 + minutes * 60).where(minutes < 60)


def _of_text(written: pa.Array) -> np.ndarray:
    text = spaced(written)
    bare = pc.replace_substring_regex(text, r"^(?:1899-12-3[01]|190[04]-01-0[01])[T ]", "")
    if pc.all(pc.or_(pc.match_substring_regex(bare, r"^(?:\d+(?:\.\d+)?)$"), pc.equal(bare, ""))).as_py():
        numbers = pc.cast(pc.if_else(pc.equal(bare, ""), None, bare), pa.float64())
        return _of_numbers(pd.Series(numbers.to_numpy(zero_copy_only=False))).to_numpy()
    groups = pc.extract_regex(bare, CLOCK)
    parts = Parts(groups.fill_null({"h": "99", "mi": "", "s": "", "ap": ""}))
    hours, minutes, seconds = parts.hours(), parts.number("mi"), parts.number("s")
    total = hours * 3600.0 + minutes * 60 + seconds
    return np.where((minutes < 60) & (seconds < 60) & (total <= DAY), total, np.nan)
