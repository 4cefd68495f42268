"""Read JSON as tables: lists of objects, lists of lists, columns, and what stands above them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.readers import limits
from services.readers.encodings import encoding_of
from services.readers.rows import Cell, sheet_of_rows
from services.readers.sheet import FileRefused, RawSheet

Scalar = str | float | int | bool | None
SCALARS = (str, float, int, bool, type(None))
LONGEST_SAID = 200
"""Characters of a value above a table; longer ones are no facts about it."""
MOST_TABLES = limits.SHEETS


@dataclass
class Table:
    """Records of the same list, or of lists that say the same of several meters."""

    name: str
    said: dict[str, Scalar]
    """What stands above: names and values of the objects that the list is in."""
    records: list[dict[str, Scalar]] = field(default_factory=list)


def open_json(path: Path) -> list[RawSheet]:
    """Return a sheet for each kind of list in a file; raises `FileRefused`."""
    limits.check_size(path)
    try:
        content = _parsed(path.read_text(encoding=encoding_of(path)))
        tables = list(_tables(content, path.stem, {}))
    except (ValueError, RecursionError) as error:
        raise FileRefused(
            "{file} cannot be read as JSON ({reason}). Export it again.", file=path.name, reason=error
        ) from None
    if not tables:
        raise FileRefused(
            "{file} is JSON without a list of readings. Export a list of objects, each with a time and a "
            "value.",
            file=path.name,
        )
    if len(tables) > MOST_TABLES:
        raise FileRefused(
            "{file} has {count} sheets, and {most} are read at most. Split it into several files.",
            file=path.name,
            count=len(tables),
            most=MOST_TABLES,
        )
    return [sheet_of_rows(path, table.name, _rows(table)) for table in tables]


def _parsed(text: str) -> Any:
    """Return the value of a document, or a list of those of its lines."""
    try:
        return json.loads(text, parse_constant=_nothing)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith("{") or not lines[0].rstrip().endswith("}"):
            raise
        return [json.loads(line, parse_constant=_nothing) for line in lines]


def _nothing(name: str) -> None:
    """Return what NaN and Infinity are read as, which JSON does not know."""


def _tables(value: Any, name: str, said: dict[str, Scalar]) -> Iterator[Table]:
    """Yield the tables of a value, those of objects in a list as one."""
    if isinstance(value, list):
        yield from _tables_of_list(value, name, said)
    elif isinstance(value, dict):
        if columns := _columns(value):
            yield columns_table(columns, name, {**said, **_scalars(value)})
        elif times := _by_time(value):
            yield Table(name, said, times)
        elif meters := _by_meter(value):
            yield Table(name, said, meters)
        else:
            above = {**said, **_scalars(value)}
            for key, inner in value.items():
                if isinstance(inner, list | dict):
                    yield from _tables(inner, key, above)


def _tables_of_list(value: list[Any], name: str, said: dict[str, Scalar]) -> Iterator[Table]:
    rows = [row for row in value if row]
    if rows and all(isinstance(row, dict) for row in rows):
        yield from _tables_of_objects(rows, name, said)
    elif rows and all(isinstance(row, list) for row in rows):
        if all(isinstance(cell, SCALARS) for row in rows for cell in row):
            yield Table(name, said, _records_of_rows(rows))
        else:
            histories = [_filled_down(row) for row in rows if all(isinstance(r, dict) for r in row)]
            yield from _tables_of_objects([record for history in histories for record in history], name, said)


def _tables_of_objects(
    rows: Sequence[Mapping[str, Any]], name: str, said: dict[str, Scalar]
) -> Iterator[Table]:
    """Yield one table of the objects, or of the lists in them with what each object says beside."""
    lists = {key for row in rows for key, inner in row.items() if _holds_records(inner)}
    if not lists:
        yield Table(name, said, [_flat(row) for row in rows])
        return
    for key in sorted(lists):
        found: list[dict[str, Scalar]] = []
        above = said
        for row in rows:
            outer = _scalars(row)
            for table in _tables(row.get(key) or [], key, {}):
                above = {**said, **table.said}
                found += [{**outer, **_with_names(record, row)} for record in table.records]
        yield Table(key, above, found)


def _holds_records(value: Any) -> bool:
    """Return whether a value is a list of records, or an object with one somewhere in it."""
    if isinstance(value, dict):
        return any(_holds_records(inner) for inner in value.values())
    return _is_list_of_records(value)


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list | dict) for row in value)


def _scalars(value: Mapping[str, Any]) -> dict[str, Scalar]:
    return {
        key: inner
        for key, inner in value.items()
        if isinstance(inner, SCALARS) and inner is not None and len(str(inner)) <= LONGEST_SAID
    }


def _flat(row: Mapping[str, Any]) -> dict[str, Scalar]:
    """Return an object's values, those of objects in it by their own names where these are free."""
    flat: dict[str, Scalar] = {key: value for key, value in row.items() if isinstance(value, SCALARS)}
    for key, inner in row.items():
        if isinstance(inner, dict):
            for name, value in inner.items():
                if isinstance(value, SCALARS):
                    flat.setdefault(name if name not in row else f"{key} {name}", value)
    return flat


def _filled_down(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return states of one thing, the first of which says what is not repeated: whose they are, the unit."""
    first = {k: v for k, v in history[0].items() if k in ("entity_id", "attributes")} if history else {}
    return [{**first, **state} for state in history]


def _columns(value: Mapping[str, Any]) -> dict[str, list[Scalar]]:
    """Return the lists of one length that an object is of, each a column; none if it is no such."""
    lists = {key: inner for key, inner in value.items() if isinstance(inner, list) and len(inner) > 1}
    plain = all(isinstance(cell, SCALARS) for inner in lists.values() for cell in inner)
    return lists if len(lists) > 1 and plain and len({len(inner) for inner in lists.values()}) == 1 else {}


def columns_table(columns: Mapping[str, list[Scalar]], name: str, said: dict[str, Scalar]) -> Table:
    """Return columns as a table."""
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return Table(name, said, records)


def _by_time(value: Mapping[str, Any]) -> list[dict[str, Scalar]]:
    """Return a row for each name of an object whose names are times and whose values are numbers."""
    if len(value) < 2 or not all(isinstance(inner, int | float) for inner in value.values()):
        return []
    dated = all(key[:4].isdecimal() and len(key) >= 7 for key in value)
    return [{"time": key, "value": inner} for key, inner in value.items()] if dated else []


def _by_meter(value: Mapping[str, Any]) -> list[dict[str, Scalar]]:
    """Return the rows of all lists of an object whose names are the meters', as Home Assistant's are."""
    if not value or not all("." in key and _is_list_of_records(inner) for key, inner in value.items()):
        return []
    return [
        {"entity_id": key, **_flat(row)}
        for key, inner in value.items()
        for row in _filled_down(inner)
        if isinstance(row, dict)
    ]


def _records_of_rows(rows: list[list[Scalar]]) -> list[dict[str, Scalar]]:
    return [{str(place): cell for place, cell in enumerate(row)} for row in rows]


def _with_names(record: dict[str, Scalar], above: Mapping[str, Any]) -> dict[str, Scalar]:
    """Return a record of a list with the names that the object above gives its columns, if it does."""
    names = above.get("columns")
    if not isinstance(names, list) or len(names) != len(record) or "0" not in record:
        return record
    return {str(name): cell for name, cell in zip(names, record.values(), strict=True)}


MOST_SAID = 20
"""Lines above a table: more might hide its headings."""


def _rows(table: Table) -> list[list[Cell]]:
    """Return the rows of a table below a line of names, with what was said of all of it above."""
    names = list(dict.fromkeys(name for record in table.records for name in record))
    said = [(key, value) for key, value in table.said.items() if key not in names]
    rows: list[list[Cell]] = [[key, value] for key, value in said[:MOST_SAID]]
    if not all(name.isdecimal() for name in names):
        rows.append(list(names))
    rows += [[record.get(name) for name in names] for record in table.records]
    return rows
