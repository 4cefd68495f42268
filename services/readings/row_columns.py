"""Find the columns that say more of each row's reading: its meter, unit, direction, end or quality."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from services.readings import times
from services.readings.columns import Beside, ColumnMap, Content, Row, is_end
from services.readings.measures import Measure, measure_of, merge, names_no_meter
from services.sheets import cells, words
from services.sheets.words import holds_word, plain

MOST_MEASURES = 60
"""Different cells that a column of units, directions and the like has at most."""
SAMPLE = 20_000
"""Rows looked at."""


def used_by(beside: Beside) -> set[str]:
    """Return the columns that say more of each row's reading."""
    single = (beside.end, beside.seconds, beside.multiplier, beside.quality, beside.register)
    return {*(name for name in single if name), *beside.measures}


def find_beside(
    frame: pd.DataFrame, column_map: ColumnMap, found: dict[str, Content]
) -> tuple[ColumnMap, Beside]:
    """Return the columns of the fields, and those beside them."""
    fields = set(column_map.chosen().values()) - {column_map.category, column_map.consumption}
    free = [name for name in frame.columns if name not in fields]
    measures = tuple(name for name in free if found.get(name) == "text" and _says_measures(name, frame[name]))
    if column_map.category in measures:
        column_map = replace(column_map, category=None)
    free = [name for name in free if name not in measures]
    return column_map, Beside(
        end=_end_column(frame, column_map, found),
        seconds=_first(free, found, {"number"}, words.LENGTHS),
        measures=measures,
        multiplier=next(
            (name for name in free if found.get(name) == "number" and _is_multiplier(name)), None
        ),
        quality=next(
            (name for name in free if found.get(name) == "text" and _is_quality(name, frame[name])), None
        ),
    )


def _first(
    names: Iterable[str], found: dict[str, Content], contents: set[Content], vocabulary: tuple[str, ...]
) -> str | None:
    return next((n for n in names if found.get(n) in contents and _bare(n) in vocabulary), None)


def _bare(name: str) -> str:
    return plain(name).removesuffix(" s").removesuffix(" min").removesuffix(" sec")


def _is_multiplier(name: str) -> bool:
    return plain(name) in words.MULTIPLIER or plain(name).endswith((" multiplier", "wandlerfaktor"))


def _is_quality(name: str, column: pd.Series) -> bool:
    if not holds_word(plain(name), words.QUALITY):
        return False
    return any(_is_estimate(cell) for cell in _distinct(column)) or plain(name) in words.QUALITY


def _is_estimate(cell: str) -> bool:
    name = plain(cell)
    return name == "e" or (
        any(stem in name for stem in words.ESTIMATED) and not name.startswith(("not ", "non "))
    )


def estimated(column: pd.Series) -> np.ndarray:
    """Return which cells say that a reading was not measured (bool)."""
    codes, distinct = pd.factorize(cells.text(column))
    known = np.array([_is_estimate(cell) for cell in distinct] + [False])
    result: np.ndarray = known[codes]
    return result


def _distinct(column: pd.Series) -> list[str]:
    return [cell for cell in cells.text(cells.sample(column, SAMPLE)).unique() if cell]


def _says_measures(name: str, column: pd.Series) -> bool:
    """Return whether the cells of a column say units, directions, utilities or kinds, and nothing else."""
    distinct = _distinct(column)
    if not distinct or len(distinct) > MOST_MEASURES or holds_word(plain(name), NO_MEASURES):
        return False
    # A letter alone is ampere, a quality or the name of a meter, unless its heading says that it is a unit.
    is_unit = holds_word(plain(name), words.UNIT)
    return (is_unit or any(len(cell) > 1 for cell in distinct)) and all(map(is_measure, distinct))


NO_MEASURES = ("status", "quality", "flag", "statut", "estado", "kvalitet")


def is_measure(cell: str) -> bool:
    """Return whether a cell says what is measured, and no name."""
    found = measure_of(cell)
    if found.unit or found.foreign:
        return len(cell) < 60
    says = found.direction or found.utility or found.why or found.kind or plain(cell) in words.ENERGY
    return bool(says) and (names_no_meter(cell) or bool(found.why))


def said_in_cells(frame: pd.DataFrame, names: Sequence[str]) -> Measure:
    """Return what columns of measures say in all of their rows alike."""
    found: list[Measure] = []
    for name in names:
        each = [measure_of(cell) for cell in _distinct(frame[name])]
        same = {
            field: values.pop() if len(values := {getattr(one, field) for one in each}) == 1 else None
            for field in ("utility", "direction", "unit", "kind")
        }
        found.append(Measure(**same))  # type: ignore[arg-type]
    return merge(found)


def said_above(head: Sequence[Row]) -> Measure:
    """Return what lines of names and values above a table say of its numbers."""
    found: list[Measure] = []
    for row in head:
        for cell in row:
            text = (cell or "").strip()
            if text and len(text) < 40 and not any(c.isdigit() for c in text) and is_measure(text):
                measure = measure_of(text)
                if not measure.why:
                    found.append(measure)
    units = {measure.unit for measure in found if measure.unit}
    directions = {measure.direction for measure in found if measure.direction}
    merged = merge(found)
    return Measure(
        merged.utility,
        merged.direction if len(directions) == 1 else None,
        merged.unit if len(units) == 1 else None,
        merged.kind if len(units) < 2 else None,
    )


def _end_column(frame: pd.DataFrame, column_map: ColumnMap, found: dict[str, Content]) -> str | None:
    """Return the column of the ends of the intervals that ``date`` begins."""
    if not column_map.date or is_end(column_map.date):
        return None
    return next(
        (
            name
            for name, content in found.items()
            if content == "date"
            and name != column_map.date
            and is_end(name)
            and _is_later(frame, column_map, name)
        ),
        None,
    )


def _is_later(frame: pd.DataFrame, column_map: ColumnMap, end: str) -> bool:
    head = frame.iloc[:200]
    begins = times.parse_times(head[column_map.date])
    ends = times.parse_times(head[end])
    if begins.dt.tz is not None or ends.dt.tz is not None:
        begins, ends = pd.to_datetime(begins, utc=True), pd.to_datetime(ends, utc=True)
    known = begins.notna() & ends.notna()
    return bool(known.any() and (ends[known] > begins[known]).mean() > 0.9)


ID_WORDS = (
    "id", "nr", "nummer", "number", "no", "numero", "point", "meter", "mpan", "mprn", "mpr", "nmi", "ean",
    "gsrn", "cups", "pod", "prm", "pdl", "esiid", "cpe", "ppe",
)  # fmt: skip


def with_device(frame: pd.DataFrame, column_map: ColumnMap, found: dict[str, Content]) -> ColumnMap:
    """Return the columns with one that numbers the meter, where none names it."""
    taken = set(column_map.chosen().values())
    if (
        column_map.device
        and found.get(column_map.device) == "number"
        and _numbers_rows(frame[column_map.device])
    ):
        column_map = replace(column_map, device=None)
    if column_map.device:
        return column_map
    for name, content in found.items():
        if name in taken or content not in {"number", "text"}:
            continue
        numbered = holds_word(plain(name), ID_WORDS) or plain(name) in words.DEVICE
        if numbered and not measure_of(name).unit and not _numbers_rows(frame[name]) and _is_id(frame[name]):
            return replace(column_map, device=name)
    return column_map


def _numbers_rows(column: pd.Series) -> bool:
    """Return whether a column counts the rows."""
    written = pd.to_numeric(cells.text(cells.sample(column)), errors="coerce")
    return len(written) >= 3 and bool(
        (written.diff().iloc[1:] == 1).all() or (written.diff().iloc[1:] == -1).all()
    )


def _is_id(column: pd.Series) -> bool:
    distinct = _distinct(column)
    return 0 < len(distinct) <= max(1, len(column) // 2) and all(
        any(c.isdigit() for c in cell) for cell in distinct
    )


def tell_apart(
    frame: pd.DataFrame, column_map: ColumnMap, beside: Beside, found: dict[str, Content]
) -> tuple[ColumnMap, Beside]:
    """Return the columns with one that tells rows of one time apart, where those known do not."""
    if not column_map.date:
        return column_map, beside
    head = frame.iloc[:SAMPLE]
    known = [name for name in (column_map.date, column_map.time, column_map.device, *beside.measures) if name]
    marks = [column_map.location, column_map.number]
    known += [name for name in marks if name]
    keys = head[known]
    if not _repeats(keys):
        return column_map, beside
    taken = {*column_map.chosen().values(), *used_by(beside)} - {column_map.category}
    for name, content in found.items():
        if content != "text" or name in taken or name == column_map.notes:
            continue
        if not _repeats(keys.assign(**{"the rest": head[name]})) and head[name].nunique() > 1:
            if column_map.device is None:
                category = None if column_map.category == name else column_map.category
                return replace(column_map, device=name, category=category), beside
            return column_map, replace(beside, register=name)
    return column_map, beside


def _repeats(keys: pd.DataFrame) -> bool:
    """Return whether more than a twentieth of the rows repeat an earlier one's keys."""
    return bool(len(keys) > 3 and keys.duplicated().mean() > 0.3)
