"""What an attacker puts in the place of a value, and what there is to be seen of an answer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bson import ObjectId, Regex

from services.readings import Sheet

OPERATORS: tuple[object, ...] = (
    {"$ne": None},
    {"$gt": ""},
    {"$where": "1"},
    {"$in": [None]},
    re.compile("."),
    Regex(".*"),
    ObjectId(),
)
"""None of these is what any argument but ids of the driver's own type can be."""
LONG = "x" * 20_000
TEXTS = ("$ne", "\0", ".*", "../../x", "{0.__class__}", LONG)
"""Words like any other, but that the long one is too long for a name, and one that is not seen is none."""
UNKNOWN = "nothing like it"

Arguments = dict[str, Any]
Place = tuple[str, Any, Callable[[Any], Any]]
"""Where a value stands, the value, and what the whole is with another one in its place."""


def places(arguments: Arguments) -> Iterator[tuple[str, Any, Callable[[Any], Arguments]]]:
    """Every value within the arguments of a call."""
    for name, value in arguments.items():
        for where, one, put in _within(name, value):
            yield where, one, lambda other, name=name, put=put: {**arguments, name: put(other)}


def _within(where: str, value: Any) -> Iterator[Place]:
    if not isinstance(value, pd.DataFrame) and not callable(value):
        yield where, value, lambda other: other
    for part, inner, put_part in _parts(value):
        for deeper, one, put in _within(f"{where}{part}", inner):
            yield deeper, one, lambda other, put_part=put_part, put=put: put_part(put(other))


def _parts(value: Any) -> Iterator[Place]:
    """What a value is made of; of a list the first alone, as the others are like it."""
    if isinstance(value, Sheet):
        return  # read from a file, by no caller
    if is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            yield f".{field.name}", inner, lambda other, name=field.name: replace(value, **{name: other})
    elif isinstance(value, list | tuple) and value:
        yield "[0]", value[0], lambda other: type(value)([other, *value[1:]])
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield f" key {key}", key, lambda other, inner=inner: {other: inner}
            yield f"[{key}]", inner, lambda other, key=key: {**value, key: other}


def said(answer: Any) -> tuple[str, set[float]]:
    """All words and all numbers of an answer, however deep they lie in it."""
    words: list[str] = []
    numbers: set[float] = set()
    _collect(answer, words, numbers)
    return "\n".join(words), numbers


def _collect(answer: Any, words: list[str], numbers: set[float]) -> None:
    for inner in _inside(answer):
        _collect(inner, words, numbers)
    match answer:
        case str() | Path() | ObjectId() | BaseException():
            words.append(str(answer))
        case int() | float() | np.number() if not isinstance(answer, bool):
            numbers.add(float(answer))
        case pd.DataFrame():
            words.append(answer.to_csv())
            numbers.update(answer.select_dtypes("number").to_numpy("float64").ravel().tolist())


def _inside(answer: Any) -> list[Any]:
    if isinstance(answer, np.ndarray):
        found: list[Any] = answer.tolist()
        return found
    if isinstance(answer, Mapping):
        return [*answer.keys(), *answer.values()]
    if isinstance(answer, list | tuple | set | frozenset):
        return list(answer)
    if is_dataclass(answer):
        return [getattr(answer, field.name) for field in fields(answer)]
    return []


def passed(arguments: Arguments) -> list[str]:
    """The words that were put in, the longest first: to hear them again says nothing new."""
    words = said(list(arguments.values()))[0].splitlines()
    return sorted((word for word in words if word), key=len, reverse=True)


def keys(documents: Sequence[Mapping[str, Any]]) -> set[str]:
    """All names of fields, however deep they lie."""
    found: set[str] = set()
    for document in documents:
        for key, value in document.items():
            found.add(key)
            inner = value if isinstance(value, list) else [value]
            found |= keys([one for one in inner if isinstance(one, Mapping)])
    return found
