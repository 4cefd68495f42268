"""Arrow columns as `RawSheet.body` promises them."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

NUMBER = r"^-?\d+(?:\.\d+)?$"
EXACT = 2**53
"""Beyond it a float is no odd number: numbers of meters would be others."""
WHOLE = r"^-?\d+$"


def plain_table(table: Any) -> pa.Table:
    """Return a table or record batch with columns of the promised types, named "0", "1"…"""
    columns = [_plain(column) for column in table.columns]
    return pa.table(columns, names=[str(number) for number in range(len(columns))])


def with_texts(column: Any, texts: Mapping[int, str]) -> Any:
    """Return a column of text with other texts in these rows."""
    there = pa.array(sorted(texts))
    mask = pc.is_in(pa.array(range(len(column))), value_set=there)
    return pc.replace_with_mask(column, mask, pa.array([texts[row] for row in sorted(texts)], pa.string()))


def decimals_shown(column: Any) -> Any:
    """Return text that was a column of numbers with each as a decimal, "5.0" beside "1.234".

    Otherwise the point of 1.234 may be taken for one that marks thousands, as in text that people write.
    """
    known = column.drop_null()
    are_numbers = pc.all(pc.match_substring_regex(known, NUMBER)).as_py()
    if not are_numbers or not pc.any(pc.match_substring(known, ".")).as_py():
        return column
    return pc.if_else(
        pc.match_substring_regex(column, WHOLE), pc.binary_join_element_wise(column, "0", "."), column
    )


def _plain(column: Any) -> Any:
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return column.cast(pa.timestamp("us", "UTC" if getattr(kind, "tz", None) else None), safe=False)
    if pa.types.is_integer(kind) and not _is_exact(column):
        return column.cast(pa.string())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_time(kind):
        return _clock(pc.divide(column.cast(pa.time64("us")).cast(pa.int64()), 1_000_000))
    if pa.types.is_duration(kind):
        return _clock(column.cast(pa.duration("s"), safe=False).cast(pa.int64()))
    return column.cast(pa.string())


def _is_exact(column: Any) -> bool:
    """Return whether a float can be each of these whole numbers; those of meters may have more digits."""
    found = pc.min_max(column).as_py()
    return found["min"] is None or max(-found["min"], found["max"]) < EXACT


def _clock(seconds: Any) -> Any:
    """Return seconds as text such as 07:30:00."""
    minutes = pc.divide(seconds, 60)
    parts = [pc.divide(minutes, 60), _past_sixty(minutes), _past_sixty(seconds)]
    return pc.binary_join_element_wise(*[pc.utf8_lpad(p.cast(pa.string()), 2, "0") for p in parts], ":")


def _past_sixty(number: Any) -> Any:
    """Return what is left of a number divided by 60."""
    return pc.subtract(number, pc.multiply(pc.divide(number, 60), 60))
