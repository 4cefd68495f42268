"""All imports of all users, for an administrator."""

from services.accounts import require_admin
from services.administration.devices import emails
from services.administration.search import finds
from services.readings import ImportRecord
from services.readings.storage.history import record_of
from services.scope import Scope
from services.typed import typed

LISTS = {"deviceIds": False, "newDevices": False, "newCategories": False}
"""Of every import they are as long as there are devices, and nobody looks at them here."""


@typed
def all_imports(scope: Scope, text: str = "") -> list[ImportRecord]:
    """Every user's imports in whose file's name or owner the text is found, the newest first.

    Raises `NotAllowed`.
    """
    require_admin(scope)
    owners = emails(scope)
    newest_first = [("createdAt", -1), ("_id", -1)]
    found = [
        record_of(document, owners.get(document["userId"], ""))
        for document in scope.db["imports"].find({}, LISTS).sort(newest_first)
    ]
    return [record for record in found if finds(text, record.file, record.who)]
