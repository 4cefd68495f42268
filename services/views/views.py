"""Views as they are stored: one document each, that of the last look without a name."""

from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError
from pymongo.errors import DuplicateKeyError

from services import names
from services.scope import Document, Scope
from services.typed import typed
from services.views.view import NamedView, View, ViewRefused

VIEW = TypeAdapter(View)
LAST = None
"""The name of the view that is remembered without having been given one."""


def remembered(scope: Scope) -> View | None:
    """What the user looked at last; None before the first time."""
    document = scope.db["views"].find_one(scope.owned({"name": LAST}))
    return _view(document) if document else None


@typed
def remember(scope: Scope, view: View) -> None:
    """Keep what the user looks at for the next time."""
    _put(scope, LAST, view)


def named(scope: Scope) -> list[NamedView]:
    """The views with a name, by name."""
    documents = scope.db["views"].find(scope.owned({"name": {"$ne": LAST}})).sort("name")
    return [NamedView(document["name"], view) for document in documents if (view := _view(document))]


@typed
def save(scope: Scope, name: str, view: View) -> None:
    """Keep a view under a name, in the place of one that has it. Raises `ViewRefused`."""
    _put(scope, _given(name), view)


@typed
def rename(scope: Scope, name: str, to: str) -> None:
    """Raises `ViewRefused` when another view has the name already, or this one is not there any more."""
    to = _given(to)
    try:
        found = scope.db["views"].update_one(scope.owned({"name": name}), {"$set": names.name_fields(to)})
    except DuplicateKeyError:
        raise ViewRefused("There is a view named “{name}” already. Choose another name.", name=to) from None
    if not found.matched_count:
        raise ViewRefused("The view “{name}” is not there any more.", name=name)


@typed
def delete(scope: Scope, name: str) -> None:
    """Forget the view of this name."""
    scope.db["views"].delete_one(scope.owned({"name": name}))


def _put(scope: Scope, name: str | None, view: View) -> None:
    fields = {"view": VIEW.dump_python(view, mode="json", by_alias=True), "updatedAt": datetime.now(UTC)}
    new = names.name_fields(name)
    if not scope.db["views"].update_one(scope.owned({"name": name}), {"$set": fields}).matched_count:
        query = scope.owned({"nameKey": new.pop("nameKey")})
        scope.db["views"].update_one(query, {"$set": fields, "$setOnInsert": new}, upsert=True)


def _given(name: str) -> str:
    return names.given(name, ViewRefused("Enter a name for the view."))


def _view(document: Document) -> View | None:
    """None for what a newer Loadlens has stored."""
    try:
        view: View = VIEW.validate_python(document["view"])
    except ValidationError:
        return None
    return view
