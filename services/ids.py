"""Ids as services give them out and take them back: text of 24 hexadecimal digits."""

import re
from collections.abc import Iterable

from bson import ObjectId

from services.errors import LoadlensError

ID = re.compile(r"[0-9a-fA-F]{24}")


class NotThere(LoadlensError):
    """What an id names was deleted, or is another user's, or there is no such id."""

    def __init__(self) -> None:
        super().__init__("What was asked for is not there any more. Refresh the list.")


def object_id(text: str, refusal: LoadlensError | None = None) -> ObjectId:
    """Return the database's id. Raises the refusal, or `NotThere`, for anything but the text of an id: for a
    query's operators as for the driver's own types, of which None would make a new id."""
    if isinstance(text, str) and ID.fullmatch(text):
        return ObjectId(text)
    raise refusal or NotThere()


def object_ids(texts: Iterable[str], refusal: LoadlensError | None = None) -> list[ObjectId]:
    """Return the `object_id` of each."""
    return [object_id(text, refusal) for text in texts]
