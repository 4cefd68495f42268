"""Read the cells of a sheet as trimmed text and as numbers, whatever marks decimals and thousands."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.sheets.sources import Sheet

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def trimmed(cells: pd.Series) -> pa.Array:
    """Return cells of text without spaces around them, empty where a cell is."""
    array = pa.array(cells, type=pa.large_string(), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return pc.utf8_trim_whitespace(array.fill_null(""))


def text(cells: pd.Series) -> pd.Series:
    """Return cells as trimmed text, empty where a cell is; whole numbers without ``.0``."""
    if isinstance(cells.dtype, pd.StringDtype):
        return pd.Series(trimmed(cells), index=cells.index, dtype=TEXT)
    codes, distinct = pd.factorize(cells)
    if (
        pd.api.types.is_float_dtype(distinct)
        and (distinct % 1 == 0).all()
        and (distinct.to_series().abs() < 2**53).all()
    ):
        distinct = distinct.astype("int64")
    names = pd.Index([*map(str, distinct), ""], dtype=TEXT)
    return pd.Series(names.take(codes), index=cells.index)


def filled(cells: pd.Series) -> np.ndarray:
    """Return which cells hold more than spaces."""
    if isinstance(cells.dtype, pd.StringDtype):
        result: np.ndarray = pc.not_equal(trimmed(cells), "").to_numpy(zero_copy_only=False)
        return result
    return cells.notna().to_numpy()


def sample(cells: pd.Series, count: int = 500) -> pd.Series:
    """Return the first cells that hold something."""
    some = cells.iloc[: 20 * count]
    return some[filled(some)].iloc[:count]


def rows_below(sheet: Sheet, first: int, names: Sequence[str]) -> pd.DataFrame:
    """Return all rows from the ``first`` (0-based) on, indexed by row number as spreadsheets show it."""
    frame = sheet.body(first)
    surplus = [f"Column {number}" for number in range(len(names) + 1, frame.shape[1] + 1)]
    named = frame.set_axis([*names, *surplus][: frame.shape[1]], axis=1)
    return named.set_axis(np.arange(first + 1, first + 1 + len(frame)), axis=0)


def drop_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that hold something."""
    something = np.zeros(len(frame), dtype=bool)
    for name in frame.columns:
        if something.all():
            return frame
        something |= filled(frame[name])
    return frame if something.all() else frame[something]


DecimalMark = Literal[".", ","]

LARGEST = 1e18
"""A number beyond it is no measurement, and sums of such are no numbers at all."""
CELLS_AT_ONCE = 200_000
SPACES = r"[\s\x{00A0}\x{202F}\x{2009}'’]"
UNIT_AFTER = r"(?i:\s*[km]?wh?)$"
IN_PARENTHESES = r"^\(([\d.,]+)\)$"
"""A number below zero, as accounts write it."""
PATTERN = (
    r"^[+-]?(?:\d+|\d{{1,3}}(?:{thousands}\d{{2,3}})*{thousands}\d{{3}})?"
    r"(?:{decimal}\d*)?(?:[eE][+-]?\d+)?$"
)
BESIDE_OTHER = r"{other}.*{mark}|{other}\d+{other}|[\s'’\x{{00A0}}\x{{202F}}\x{{2009}}]\d+{mark}"
"""A mark behind another that must be for thousands."""
ALONE = r"{mark}(?:\d{{1,2}}|\d{{4,}})?(?:\D|$)|^[+-]?0?{mark}|\d{{4}}{mark}"
"""A mark with more or fewer than three digits behind, or more than three before."""
EITHER = r"^[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?$|^[+-]?[.,]\d+$"


def parse_numbers(cells: pd.Series, decimal: DecimalMark) -> pd.Series:
    """Return cells as float64, NaN where a cell is no number below `LARGEST`.

    A mark that stands where neither a decimal nor a thousands mark can makes no number: "1,5" is none
    where the point is the decimal mark.
    """
    if pd.api.types.is_numeric_dtype(cells):
        values = cells.astype("float64")
    elif isinstance(cells.dtype, pd.StringDtype):
        values = pd.Series(_number_values(_bare_numbers(cells), decimal), index=cells.index)
    else:
        values = pd.Series(np.nan, index=cells.index)
    return values.where(values.abs() < LARGEST)


def parse_number_columns(frame: pd.DataFrame, names: Sequence[str], decimal: DecimalMark) -> np.ndarray:
    """Return the numbers of these columns as `parse` reads them, shape (rows, columns).

    Columns of text are read many at once: one by one, thousands of short ones would take a minute.
    """
    values = np.full((len(frame), len(names)), np.nan)
    if frame.empty:
        return values
    written = [n for n, name in enumerate(names) if isinstance(frame[name].dtype, pd.StringDtype)]
    for n in set(range(len(names))) - set(written):
        values[:, n] = parse_numbers(frame[names[n]], decimal).to_numpy()
    done = 0
    for text in _below_each_other([frame[names[n]] for n in written]):
        some = written[done : done + len(text) // len(frame)]
        values[:, some] = parse_numbers(text, decimal).to_numpy().reshape(len(some), len(frame)).T
        done += len(some)
    return values


def _below_each_other(columns: Sequence[pd.Series]) -> Iterator[pd.Series]:
    """Yield columns of one length as fewer and longer ones, of some hundred thousand cells each."""
    at_once = max(1, CELLS_AT_ONCE // max(1, len(columns[0]))) if columns else 1
    for begin in range(0, len(columns), at_once):
        yield pd.concat(columns[begin : begin + at_once], ignore_index=True)


def _bare_numbers(cells: pd.Series) -> pa.StringArray:
    """Return text of numbers without spaces, apostrophes and a unit behind, (5) as -5."""
    text = pc.replace_substring_regex(trimmed(cells), UNIT_AFTER, "")
    bare = pc.replace_substring(pc.replace_substring_regex(text, SPACES, ""), "−", "-")
    return pc.replace_substring_regex(bare, IN_PARENTHESES, r"-\1")


def _number_values(text: pa.StringArray, decimal: DecimalMark) -> np.ndarray:
    thousands = "," if decimal == "." else "."
    pattern = PATTERN.format(thousands=rf"\{thousands}", decimal=rf"\{decimal}")
    is_number = pc.and_(pc.match_substring_regex(text, pattern), pc.match_substring_regex(text, r"\d"))
    plain = pc.replace_substring(pc.replace_substring(text, thousands, ""), decimal, ".")
    values: np.ndarray = pc.cast(pc.if_else(is_number, plain, None), pa.float64()).to_numpy(
        zero_copy_only=False
    )
    return values


def are_numbers(cells: pd.Series) -> np.ndarray:
    """Return which cells of text look like numbers with one decimal mark or the other."""
    matched: np.ndarray = pc.match_substring_regex(_bare_numbers(cells), EITHER).to_numpy(
        zero_copy_only=False
    )
    return matched


def decimal_mark(columns: Iterable[pd.Series], delimiter: str = "") -> DecimalMark:
    """Return the decimal mark of columns of one sheet, as all of their cells together tell.

    Where every number has one mark with three digits behind it, it is a decimal mark; it marks thousands
    if numbers below a thousand stand there without it, or if it is the delimiter of the cells, too.
    """
    written = [cells for cells in columns if isinstance(cells.dtype, pd.StringDtype)]
    parts = [_distinct_numbers(cells) for cells in _below_each_other(written)]
    text = pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())
    for evidence in (BESIDE_OTHER, ALONE):
        commas, points = _count(text, evidence, ","), _count(text, evidence, ".")
        if commas != points:
            return "," if commas > points else "."
    comma, point = _count(text, "{mark}", ","), _count(text, "{mark}", ".")
    if bool(comma) == bool(point):
        return "."
    if comma and delimiter == ",":
        return "."
    grouped = _matches(text, r"^[+-]?\d{1,3}$") and not _matches(text, r"^[+-]?\d{4,}$")
    return "," if bool(comma) != bool(grouped) else "."


def _distinct_numbers(cells: pd.Series) -> pa.Array:
    text = pc.unique(pc.replace_substring_regex(trimmed(cells), UNIT_AFTER, ""))
    text = pc.replace_substring_regex(text, IN_PARENTHESES, r"-\1")
    bare = pc.replace_substring_regex(text, SPACES, "")
    return pc.filter(text, pc.match_substring_regex(bare, EITHER)).cast(pa.large_string())


def _count(text: pa.Array, evidence: str, mark: DecimalMark) -> int:
    other = "," if mark == "." else "."
    return _matches(text, evidence.format(mark=rf"\{mark}", other=rf"\{other}"))


def _matches(text: pa.Array, pattern: str) -> int:
    return pc.sum(pc.match_substring_regex(text, pattern)).as_py() or 0
