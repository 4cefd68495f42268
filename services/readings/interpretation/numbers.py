"""Cells as numbers, whatever marks their decimals and thousands."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.readings.interpretation.cells import trimmed

Mark = Literal[".", ","]

LARGEST = 1e18
"""A number beyond it is no measurement, and sums of such are no numbers at all."""
SPACES = r"[\s\x{00A0}\x{202F}\x{2009}'’]"
UNIT_AFTER = r"(?i:\s*[km]?wh?)$"
PATTERN = (
    r"^[+-]?(?:\d+|\d{{1,3}}(?:{thousands}\d{{2,3}})*{thousands}\d{{3}})?"
    r"(?:{decimal}\d*)?(?:[eE][+-]?\d+)?$"
)
BESIDE_OTHER = r"{other}.*{mark}|{other}\d+{other}|[\s'’\x{{00A0}}\x{{202F}}\x{{2009}}]\d+{mark}"
"""A mark behind another that must be for thousands."""
ALONE = r"{mark}(?:\d{{1,2}}|\d{{4,}})?(?:\D|$)|^[+-]?0?{mark}|\d{{4}}{mark}"
"""A mark with more or fewer than three digits behind, or more than three before."""
EITHER = r"^[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?$|^[+-]?[.,]\d+$"


def parse(cells: pd.Series, decimal: Mark) -> pd.Series:
    """Cells as float64, NaN where a cell is no number below `LARGEST`.

    A mark that stands where neither a decimal nor a thousands mark can makes no number: "1,5" is none
    where the point is the decimal mark.
    """
    if pd.api.types.is_numeric_dtype(cells):
        values = cells.astype("float64")
    elif isinstance(cells.dtype, pd.StringDtype):
        values = pd.Series(_values(_bare(cells), decimal), index=cells.index)
    else:
        values = pd.Series(np.nan, index=cells.index)
    return values.where(values.abs() < LARGEST)


def _bare(cells: pd.Series) -> pa.StringArray:
    """Text of numbers without spaces, apostrophes and a unit behind."""
    text = pc.replace_substring_regex(trimmed(cells), UNIT_AFTER, "")
    return pc.replace_substring(pc.replace_substring_regex(text, SPACES, ""), "−", "-")


def _values(text: pa.StringArray, decimal: Mark) -> np.ndarray:
    thousands = "," if decimal == "." else "."
    pattern = PATTERN.format(thousands=rf"\{thousands}", decimal=rf"\{decimal}")
    is_number = pc.and_(pc.match_substring_regex(text, pattern), pc.match_substring_regex(text, r"\d"))
    plain = pc.replace_substring(pc.replace_substring(text, thousands, ""), decimal, ".")
    values: np.ndarray = pc.cast(pc.if_else(is_number, plain, None), pa.float64()).to_numpy(
        zero_copy_only=False
    )
    return values


def are_numbers(cells: pd.Series) -> np.ndarray:
    """Which cells of text look like numbers with one decimal mark or the other."""
    matched: np.ndarray = pc.match_substring_regex(_bare(cells), EITHER).to_numpy(zero_copy_only=False)
    return matched


def decimal_mark(columns: Iterable[pd.Series]) -> Mark:
    """The decimal mark of columns of one sheet, as all of their cells together tell.

    Where every number has one mark with three digits behind it, it is a decimal mark; it marks thousands
    if numbers below a thousand stand there without it.
    """
    parts = [_distinct(cells) for cells in columns if isinstance(cells.dtype, pd.StringDtype)]
    text = pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())
    for evidence in (BESIDE_OTHER, ALONE):
        commas, points = _count(text, evidence, ","), _count(text, evidence, ".")
        if commas != points:
            return "," if commas > points else "."
    comma, point = _count(text, "{mark}", ","), _count(text, "{mark}", ".")
    if bool(comma) == bool(point):
        return "."
    grouped = _matches(text, r"^[+-]?\d{1,3}$") and not _matches(text, r"^[+-]?\d{4,}$")
    return "," if bool(comma) != bool(grouped) else "."


def _distinct(cells: pd.Series) -> pa.Array:
    text = pc.unique(pc.replace_substring_regex(trimmed(cells), UNIT_AFTER, ""))
    bare = pc.replace_substring_regex(text, SPACES, "")
    return pc.filter(text, pc.match_substring_regex(bare, EITHER)).cast(pa.large_string())


def _count(text: pa.Array, evidence: str, mark: Mark) -> int:
    other = "," if mark == "." else "."
    return _matches(text, evidence.format(mark=rf"\{mark}", other=rf"\{other}"))


def _matches(text: pa.Array, pattern: str) -> int:
    return pc.sum(pc.match_substring_regex(text, pattern)).as_py() or 0
