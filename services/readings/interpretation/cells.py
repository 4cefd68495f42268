"""Cells as trimmed text."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def trimmed(cells: pd.Series) -> pa.Array:
    """Cells of text without spaces around them, empty where a cell is."""
    array = pa.array(cells, type=pa.large_string(), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return pc.utf8_trim_whitespace(array.fill_null(""))


def text(cells: pd.Series) -> pd.Series:
    """Cells as trimmed text, empty where a cell is; whole numbers without ``.0``."""
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
    """Which cells hold more than spaces."""
    if isinstance(cells.dtype, pd.StringDtype):
        result: np.ndarray = pc.not_equal(trimmed(cells), "").to_numpy(zero_copy_only=False)
        return result
    return cells.notna().to_numpy()


def sample(cells: pd.Series, count: int = 500) -> pd.Series:
    """The first cells that hold something."""
    some = cells.iloc[: 20 * count]
    return some[filled(some)].iloc[:count]
