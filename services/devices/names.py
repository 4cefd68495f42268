"""Names that people give, and why one is not taken."""

from collections.abc import Iterator
from contextlib import contextmanager

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services import ids, names
from services.errors import LoadlensError


class DeviceRefused(LoadlensError):
    """A device or category cannot be stored as asked."""


def given(name: str, what: str) -> str:
    """The name without surrounding space. Raises `DeviceRefused` for one that is empty or too long."""
    return names.given(name, DeviceRefused(f"Enter a name for the {what}."))


@contextmanager
def unique(name: str, what: str) -> Iterator[None]:
    """Turns the database's refusal of a second one of that name into a sentence."""
    try:
        yield
    except DuplicateKeyError:
        raise taken(name, what) from None


def taken(name: str, what: str) -> DeviceRefused:
    """The refusal of a second one of that name."""
    return DeviceRefused(f"There is a {what} named “{{name}}” already. Choose another name.", name=name)


def object_id(text: str, what: str) -> ObjectId:
    """The database's id for a text. Raises `DeviceRefused` for what is none."""
    return ids.object_id(text, gone(what))


def gone(what: str) -> DeviceRefused:
    """The refusal for what is not there, be it deleted or another user's."""
    return DeviceRefused(f"This {what} is not there any more. Refresh the list.")
