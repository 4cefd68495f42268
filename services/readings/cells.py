"""Raw cells of a column as text, numbers and times."""

import re
from datetime import tzinfo

import pandas as pd

WITH_OFFSET = re.compile(r"\d(?:Z|[+-]\d\d:?\d\d)$")
TWO_NUMBERS_FIRST = r"^\s*(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}"
EXCEL_EPOCH = "1899-12-30"
EARLIEST, LATEST = pd.Timestamp("1970-01-01"), pd.Timestamp("2100-01-01")


def text(cells: pd.Series) -> pd.Series:
    """Cells as stripped text, empty where a cell is; whole numbers lose their ``.0``."""
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all():
        cells = cells.astype("Int64")
    return cells.astype("object").where(cells.notna(), "").astype("str").str.strip()


def numbers(cells: pd.Series) -> pd.Series:
    """Cells as float64, NaN where a cell is no finite number.

    In text, the decimal mark is the last of ``.`` and ``,`` where both occur in one number, else the
    comma if the column has no point.
    """
    if pd.api.types.is_numeric_dtype(cells):
        values = cells.astype("float64")
    else:
        values = _parsed_numbers(text(cells).str.replace(r"[\s ']", "", regex=True))
    return values.where(values.abs() < float("inf"))


def _parsed_numbers(written: pd.Series) -> pd.Series:
    both = written[written.str.contains(",", regex=False) & written.str.contains(".", regex=False)]
    if len(both):
        decimal_comma = bool(both.str.rfind(",").gt(both.str.rfind(".")).any())
    else:
        decimal_comma = not written.str.contains(".", regex=False).any()
    thousands, decimal = (".", ",") if decimal_comma else (",", ".")
    plain = written.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def times(cells: pd.Series) -> pd.Series:
    """Cells as times: wall-clock (naive), or UTC where the text says its offset; NaT where unreadable.

    Reads a spreadsheet's own dates, its serial numbers, ISO 8601, and day or month first as the whole
    column tells (a number above 12 can only be a day; day first when nothing tells).
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        found = cells
    elif pd.api.types.is_numeric_dtype(cells):
        found = pd.to_datetime(cells, unit="D", origin=EXCEL_EPOCH, errors="coerce").dt.round("s")
    else:
        # The meters of a building share their times: each is parsed once.
        codes, distinct = pd.factorize(text(cells))
        found = pd.Series(
            _parsed_times(pd.Series(distinct, dtype="str")).take(codes).array, index=cells.index
        )
    zone = found.dt.tz
    plausible = found.between(EARLIEST.tz_localize(zone), LATEST.tz_localize(zone))
    return found.where(plausible).astype("datetime64[us, UTC]" if zone else "datetime64[us]")


def _parsed_times(written: pd.Series) -> pd.Series:
    with_offset = bool(written.str.contains(WITH_OFFSET).any())
    found = pd.to_datetime(written, format="ISO8601", errors="coerce", utc=with_offset)
    rest = found.isna()
    if rest.any():
        found[rest] = pd.to_datetime(
            written[rest], format="mixed", dayfirst=_day_first(written), errors="coerce", utc=with_offset
        )
    return found


def _day_first(written: pd.Series) -> bool:
    parts = written.str.extract(TWO_NUMBERS_FIRST).astype("float64")
    return not (parts[1] > 12).any() or bool((parts[0] > 12).any())


def to_utc(wall: pd.Series, device: pd.Series, timezone: tzinfo) -> pd.Series:
    """Wall-clock times of a facility as UTC.

    The hour that autumn repeats is told apart by order: the first time a device shows it is summer time.
    The hour that spring leaves out, which a clock without summer time writes, is the hour after it.
    """
    if wall.dt.tz is not None:
        return wall
    newest_first = wall.iloc[0] > wall.iloc[-1] if len(wall) else False
    seen_before = wall.groupby([device, wall], dropna=False).cumcount(ascending=not newest_first)
    local: pd.Series = wall.dt.tz_localize(
        timezone, ambiguous=seen_before.eq(0).to_numpy(), nonexistent=pd.Timedelta(hours=1)
    )
    utc: pd.Series = local.dt.tz_convert("UTC")
    return utc
