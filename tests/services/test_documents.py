"""Dataclasses and the documents that describe them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from bson import ObjectId

from services.documents import from_document, to_document
from services.ids import NotThere
from services.scope import Scope


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    id: str
    from_hour: int
    days: frozenset[int]


@dataclass(frozen=True)
class Thing:
    name: str
    device_id: str | None
    folder: Path
    through: date | None
    begin: datetime
    colour: Colour
    parts: tuple[Part, ...]
    main_part: Part | None = None
    limit: float | None = None
    id: str = ""


THING = Thing(
    "a",
    str(ObjectId()),
    Path("/tmp/x"),
    date(2024, 2, 29),
    datetime(2024, 3, 1, 12, tzinfo=UTC),
    Colour.RED,
    (Part("p", 8, frozenset({2, 0})),),
)


def test_a_dataclass_comes_back_from_the_database_as_it_was(scope: Scope) -> None:
    document = to_document(THING)
    assert document["deviceId"] == ObjectId(THING.device_id)
    assert document["parts"] == [{"id": "p", "fromHour": 8, "days": [0, 2]}]
    key = scope.db["things"].insert_one(scope.owned(document)).inserted_id
    stored = scope.db["things"].find_one(scope.owned())
    found = from_document(Thing, stored)
    assert (found.id, to_document(found)) == (str(key), document)
    assert from_document(Thing, stored, id="") == THING


def test_what_a_document_lacks_is_given_or_has_a_default() -> None:
    document = to_document(THING) | {"through": "2024-02-29", "unknown": 1}
    del document["limit"], document["name"]
    assert from_document(Thing, document, name="a") == THING
    with pytest.raises(KeyError):
        from_document(Thing, document)


def test_an_operator_is_no_id() -> None:
    with pytest.raises(NotThere):
        to_document(Thing("a", {"$ne": None}, Path(), None, THING.begin, Colour.RED, ()))  # type: ignore[arg-type]
