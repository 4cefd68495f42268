"""Who makes or restores a backup, as the audit log names them."""

from dataclasses import dataclass

from bson import ObjectId

from services.scope import Scope


@dataclass(frozen=True)
class Author:
    """An account, or what works without one."""

    user_id: ObjectId | None
    email: str


ITSELF = Author(None, "schedule")
COMMAND_LINE = Author(None, "command line")


def author_of(scope: Scope) -> Author:
    """The scope's account; asked before a restore, which may not know it."""
    owner = scope.db["users"].find_one({"_id": scope.user_id}, {"email": True})
    return Author(scope.user_id, owner["email"] if owner else "")
