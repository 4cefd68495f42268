"""Names of devices and categories, and the refusals of one that cannot be taken or found."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from bson import ObjectId
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services import ids, names
from services.errors import LoadlensError
from services.messages import N_

DUPLICATE_KEY = 11000
"""MongoDB's code of the error that a unique index raises."""

Named = Literal["device", "category"]

NAMELESS: dict[Named, str] = {
    "device": N_("Enter a name for the device."),
    "category": N_("Enter a name for the category."),
}
TAKEN: dict[Named, str] = {
    "device": N_("There is a device named “{name}” already. Choose another name."),
    "category": N_("There is a category named “{name}” already. Choose another name."),
}
MISSING: dict[Named, str] = {
    "device": N_("This device is not there any more. Refresh the list."),
    "category": N_("This category is not there any more. Refresh the list."),
}


class DeviceRefused(LoadlensError):
    """A device or category cannot be stored as asked."""


def valid_name(name: str, of: Named) -> str:
    """Return the name without surrounding space; raise `DeviceRefused` for one empty or too long."""
    return names.given(name, DeviceRefused(NAMELESS[of]))


@contextmanager
def unique_name(name: str, of: Named) -> Iterator[None]:
    """Raise `DeviceRefused` where the database refuses a second one of that name."""
    try:
        yield
    except DuplicateKeyError:
        raise name_taken(name, of) from None


def name_taken(name: str, of: Named) -> DeviceRefused:
    """Return the refusal of a second one of that name."""
    return DeviceRefused(TAKEN[of], name=name)


def object_id(text: str, of: Named) -> ObjectId:
    """Return the database's id for a text; raise `DeviceRefused` for what is none."""
    return ids.object_id(text, missing(of))


def missing(of: Named) -> DeviceRefused:
    """Return the refusal for what is not there, be it deleted or another user's."""
    return DeviceRefused(MISSING[of])


def index_of_duplicate(error: BulkWriteError) -> int:
    """Return the position of the document whose name another one has; raise any other failure again."""
    failure = (error.details or {}).get("writeErrors", [{}])[0]
    if failure.get("code") != DUPLICATE_KEY:
        raise error
    return int(failure["index"])
