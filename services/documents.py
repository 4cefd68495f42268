"""The one mapping between dataclasses and the documents of the database.

A field is stored under its name in camelCase, ``device_id`` as `deviceId` and ``id`` as `_id`. What the
database knows in its own way follows the field's type: ids are text here and ObjectIds there, paths are text
there, days its midnights, tuples and sets its arrays, dataclasses documents within documents.
"""

import types
from collections.abc import Callable, Collection, Iterable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from bson import ObjectId

from services.day_label import as_label
from services.ids import object_id
from services.scope import Document

T = TypeVar("T")
Convert = Callable[[Any], Any]


class _Field(NamedTuple):
    name: str
    key: str
    read: Convert
    write: Convert
    required: bool


def camel_case(name: str) -> str:
    """Return a name as documents spell it: ``device_id`` is `deviceId`, ``id`` is `_id`."""
    if name == "id":
        return "_id"
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def from_document(kind: type[T], document: Document, **given: Any) -> T:
    """Return the instance of a dataclass that a document describes; other keys of the document are ignored.

    Fields that no document holds, or that it may lack, are ``given`` or have a default. Raises `KeyError`
    where one has neither.
    """
    return kind(**_read(_fields_of(kind), document, given))


def to_document(instance: Any, leave_out: Iterable[str] = ("id",)) -> Document:
    """Return the document that describes an instance of a dataclass, without some of its fields."""
    return _write(_fields_of(instance), instance, set(leave_out))


def _read(described: Iterable[_Field], document: Document, given: Document) -> Document:
    read = {
        field.name: field.read(document[field.key])
        for field in described
        if field.name not in given and (field.required or field.key in document)
    }
    return given | read


def _write(described: Iterable[_Field], instance: Any, omitted: Collection[str] = ()) -> Document:
    return {
        field.key: field.write(getattr(instance, field.name))
        for field in described
        if field.name not in omitted
    }


def _fields_of(instance_or_type: Any) -> tuple[_Field, ...]:
    kind = instance_or_type if isinstance(instance_or_type, type) else type(instance_or_type)
    return _described(kind, within_another=False)


@cache
def _described(kind: Any, within_another: bool) -> tuple[_Field, ...]:
    """Return the fields of a dataclass; only what is a document of its own has an id of the database."""
    hints = get_type_hints(kind)
    return tuple(
        _Field(
            field.name,
            field.name if within_another and field.name == "id" else camel_case(field.name),
            *(
                _conversions_of_type(hints[field.name])
                if within_another and field.name == "id"
                else _conversions(field.name, hints[field.name])
            ),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
    )


def _conversions(name: str, hint: Any) -> tuple[Convert, Convert]:
    """Return how a value is read from a document and written into one; None stays None."""
    if name == "id" or name.endswith("_id"):
        return (lambda value: str(value) if value else None), _write_id
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    read, write = _conversions_of_type(hint)
    return (
        lambda value: None if value is None else read(value),
        lambda value: None if value is None else write(value),
    )


def _conversions_of_type(hint: Any) -> tuple[Convert, Convert]:
    origin = get_origin(hint) or hint
    if origin in (tuple, frozenset, list, set):
        inside = [part for part in get_args(hint) if part is not Ellipsis]
        read, write = _conversions_of_type(inside[0]) if inside else (_same, _same)
        ordered: Convert = sorted if origin in (frozenset, set) else _same
        return (
            lambda values: origin(read(value) for value in values),
            lambda values: [write(value) for value in ordered(values)],
        )
    if not isinstance(origin, type):
        return _same, _same  # a Literal
    if is_dataclass(origin):
        described = _described(origin, within_another=True)
        return (
            lambda value: origin(**_read(described, value, {})),
            lambda value: _write(described, value),
        )
    if issubclass(origin, Path):
        return Path, str
    if issubclass(origin, Enum):
        return origin, (lambda value: value.value)
    if issubclass(origin, date) and not issubclass(origin, datetime):
        return _read_day, as_label
    return _same, _same


def _same(value: Any) -> Any:
    return value


def _write_id(value: str | None) -> ObjectId | None:
    return object_id(value) if value else None


def _read_day(value: datetime | date | str) -> date:
    """Older documents hold some days as ISO 8601 text."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value.date() if isinstance(value, datetime) else value
