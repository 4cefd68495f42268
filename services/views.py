"""Views of the dashboard: what a user looked at last, and those that were given a name.

Each is a document, that of the last look without a name.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError
from pymongo.errors import DuplicateKeyError

from services import names
from services.dashboard import Resolution
from services.errors import LoadlensError
from services.scope import Document, Scope
from services.stored import stored
from services.typed import typed


class ViewRefused(LoadlensError):
    """A view cannot be stored as asked."""


@stored
@dataclass(frozen=True)
class View:
    """Days, devices, categories and places; None means all of a kind."""

    period: str = "all"
    """A name for days that are counted from the last reading; `custom` are those from start to end."""
    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    resolution: Resolution = "day"


class NamedView(NamedTuple):
    """A view that was given a name."""

    name: str
    view: View


VIEW = TypeAdapter(View)
LAST = None
"""The name of the view that is remembered without having been given one."""


def remembered(scope: Scope) -> View | None:
    """Return what the user looked at last; None before the first time."""
    document = scope.db["views"].find_one(scope.owned({"name": LAST}))
    return _view(document) if document else None


@typed
def remember(scope: Scope, view: View) -> None:
    """Store what the user looks at for the next time."""
    _put(scope, LAST, view)


def named(scope: Scope) -> list[NamedView]:
    """List the views with a name, by name."""
    documents = scope.db["views"].find(scope.owned({"name": {"$ne": LAST}})).sort("name")
    return [NamedView(document["name"], view) for document in documents if (view := _view(document))]


@typed
def save(scope: Scope, name: str, view: View) -> None:
    """Store a view under a name, in the place of one that has it. Raises `ViewRefused`."""
    _put(scope, _checked_name(name), view)


@typed
def rename(scope: Scope, name: str, to: str) -> None:
    """Rename a view. Raises `ViewRefused` when another has the name, or it is not there any more."""
    to = _checked_name(to)
    try:
        found = scope.db["views"].update_one(scope.owned({"name": name}), {"$set": names.name_fields(to)})
    except DuplicateKeyError:
        raise ViewRefused("There is a view named “{name}” already. Choose another name.", name=to) from None
    if not found.matched_count:
        raise ViewRefused("The view “{name}” is not there any more.", name=name)


@typed
def delete(scope: Scope, name: str) -> None:
    """Delete the view of this name."""
    scope.db["views"].delete_one(scope.owned({"name": name}))


def _put(scope: Scope, name: str | None, view: View) -> None:
    fields = {"view": VIEW.dump_python(view, mode="json", by_alias=True), "updatedAt": datetime.now(UTC)}
    new = names.name_fields(name)
    if not scope.db["views"].update_one(scope.owned({"name": name}), {"$set": fields}).matched_count:
        query = scope.owned({"nameKey": new.pop("nameKey")})
        scope.db["views"].update_one(query, {"$set": fields, "$setOnInsert": new}, upsert=True)


def _checked_name(name: str) -> str:
    return names.given(name, ViewRefused("Enter a name for the view."))


def _view(document: Document) -> View | None:
    """None for what a newer Loadlens has stored."""
    try:
        view: View = VIEW.validate_python(document["view"])
    except ValidationError:
        return None
    return view
