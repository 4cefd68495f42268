"""Which import predictions have followed, so that each is followed once whatever programs run."""

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services.scope import Document, Scope


def latest_import(scope: Scope) -> Document | None:
    """`_id` and `createdAt` of the latest import that brought readings; None where there is none."""
    brought = {"state": "done", "$or": [{"added": {"$gt": 0}}, {"changed": {"$gt": 0}}]}
    latest_first = [("createdAt", -1), ("_id", -1)]
    return scope.db["imports"].find_one(scope.owned(brought), {"createdAt": True}, sort=latest_first)


def note_followed(scope: Scope, import_id: ObjectId) -> None:
    """Predictions rest on the readings of this import and all before."""
    change = {"$set": {"followedImport": import_id}}
    scope.db["forecast_settings"].update_one(scope.owned(), change, upsert=True)


def claim_import(scope: Scope) -> bool:
    """Whether the latest import is ours to follow: nobody has followed it, nor does from now on."""
    latest = latest_import(scope)
    if latest is None:
        return False
    settings = scope.db["forecast_settings"]
    if not settings.count_documents(scope.owned({"followedImport": {"$exists": True}})):
        # A database from before this was noted.
        since = {"heldOut": False, "createdAt": {"$gte": latest["createdAt"]}}
        if scope.db["predictions"].find_one(scope.owned(since), {"_id": True}):
            return False
    other = scope.owned({"followedImport": {"$ne": latest["_id"]}})
    try:
        settings.update_one(other, {"$set": {"followedImport": latest["_id"]}}, upsert=True)
    except DuplicateKeyError:
        return False
    return True
