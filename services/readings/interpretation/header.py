"""Where a sheet's header stands, and what its columns are called."""

import re
from collections import defaultdict
from dataclasses import dataclass

from services.names import name_key
from services.readings.interpretation import words
from services.readings.interpretation.units import is_pure, unit_of, without_unit
from services.readings.interpretation.words import plain

Row = list[str | None]

DATE_LIKE = re.compile(
    r"^\D{0,12}\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\d{4}-\d\d\b|^\d{1,2}\.?[ -]?(?:de )?[^\W\d]{3,}\.?[ .-]+\d"
    r"|^[^\W\d]{3,}\.? (?:\d{1,2},? )?\d{4}\b|^(?:19|20)\d{6}(?:\d{4,6})?(?:T|$)"
)
NUMBER_LIKE = re.compile(r"^[+-]?[\d.,'’\s]*\d(?:[eE][+-]?\d+)?$")
DATE_FORMAT = re.compile(r"^[dmyhsjga\W]+$", re.IGNORECASE)

ALL_WORDS = (
    words.DATE + words.TIME,
    words.START + words.END,
    words.DEVICE,
    words.CATEGORY,
    words.LOCATION,
    words.NOTES,
    words.CONSUMPTION + words.ENERGY + words.DEMAND + words.REGISTER,
)


@dataclass(frozen=True)
class Header:
    """The 0-based row of a header's first line, how many lines it has, and a name for every column."""

    row: int
    rows: int
    names: tuple[str, ...]


def find_header(head: list[Row]) -> Header:
    """The header above the first readings: the row that names most, and the line that belongs to it.

    A sheet that begins with readings has no header line: ``rows`` is 0.
    """
    first = _first_readings(head)
    above = range(first) if first else range(0)
    if first == 0:
        return Header(0, 0, _distinct([None] * len(head[0])))
    candidates = [row for row in (above or range(len(head))) if any(head[row])]
    if not candidates:
        return Header(first or 0, 0, _distinct([None] * len(head[0])))
    best = max(candidates, key=lambda row: (_score(head[row]), row if above else -row))
    if (best + 1 in above or (first is None and best + 1 < len(head))) and _is_second_line(head[best + 1]):
        return Header(best, 2, _distinct(_joined(head[best], head[best + 1])))
    if best and _needs_line_above(head[best - 1], head[best]):
        return Header(best - 1, 2, _distinct(_joined(head[best - 1], head[best])))
    return Header(best, 1, _distinct(head[best]))


def _first_readings(head: list[Row]) -> int | None:
    """The first row with a date and a number whose next row is like it."""
    rows = [row for row in range(len(head)) if any(head[row])]
    alike = [_is_reading(head[row]) for row in rows]
    for position, row in enumerate(rows):
        if alike[position] and all(alike[position + 1 : position + 2]):
            return row
    return next((row for row, is_reading in zip(rows, alike, strict=True) if is_reading), None)


def _is_reading(row: Row) -> bool:
    filled = [cell.strip() for cell in row if cell and cell.strip()]
    dates = [cell for cell in filled if DATE_LIKE.match(cell)]
    return bool(dates) and any(NUMBER_LIKE.match(cell) for cell in filled if cell not in dates)


def _score(row: Row) -> tuple[int, int]:
    cells = [cell for cell in row if cell and cell.strip()]
    if any(NUMBER_LIKE.match(cell.strip()) for cell in cells) and not _names_fields(cells):
        return 0, 0
    return _names_fields(cells), len(cells)


def _names_fields(cells: list[str]) -> int:
    plains = [plain(without_unit(cell)) for cell in cells]
    known = sum(any(words.holds_word(name, field) for name in plains) for field in ALL_WORDS)
    return min(known + any(map(unit_of, cells)), len(cells))


def _is_second_line(row: Row) -> bool:
    """Whether a line below the names only says units, formats and the like."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    return bool(cells) and all(_is_annotation(cell) for cell in cells)


def _is_annotation(cell: str) -> bool:
    name = plain(without_unit(cell))
    return not name or any(name in field for field in ALL_WORDS) or bool(DATE_FORMAT.match(cell))


def _needs_line_above(upper: Row, lower: Row) -> bool:
    """Whether a header's names are incomplete without the line above it."""
    above = [position for position, cell in enumerate(upper) if cell and cell.strip()]
    names = [cell.strip() for cell in lower if cell and cell.strip()]
    if not above or above == [0]:
        return False
    repeats = len(set(names)) < len(names)
    fills = len(above) > 1 and any(not (lower[position] or "").strip() for position in above)
    names_none = all(lower[position] and is_pure(lower[position] or "") for position in above)
    return repeats or fills or names_none


def _joined(upper: Row, lower: Row) -> Row:
    """One name a column: a merged cell of the upper line stands above several of the lower."""
    names: Row = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = (above or "").strip() or (group if below else "")
        names.append(f"{group} {(below or '').strip()}".strip())
    return names


def _distinct(headers: Row) -> tuple[str, ...]:
    """A heading that is repeated is numbered; one that is spelled in several ways keeps each as it stands."""
    folded = [" ".join((header or "").split()) for header in headers]
    spellings: defaultdict[str, set[str | None]] = defaultdict(set)
    for name, header in zip(folded, headers, strict=True):
        spellings[name].add(header)
    names: dict[str, None] = {}
    for position, (name, header) in enumerate(zip(folded, headers, strict=True), start=1):
        if not name_key(name):
            name = f"Column {position}"
        elif header and len(spellings[name]) > 1:
            name = header
        while name in names:
            name = f"{name} ({position})"
        names[name] = None
    return tuple(names)
