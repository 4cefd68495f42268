"""Who may do more than look after the own readings."""

from services.errors import LoadlensError
from services.scope import Scope


class NotAllowed(LoadlensError):
    """The account may not do that."""


def require_admin(scope: Scope) -> None:
    """Raises `NotAllowed` unless the account is, at this moment, an active administrator's."""
    if not _is_admin(scope):
        raise NotAllowed("Only an administrator may do this. Ask one, or have your account made one.")


def looks_after(scope: Scope) -> bool:
    """Whether the whole database is this account's to look after: an administrator's, or the only one's."""
    return _is_admin(scope) or not _others(scope)


def require_keeper(scope: Scope) -> None:
    """Raises `NotAllowed` unless the account `looks_after` the database."""
    if not looks_after(scope):
        raise NotAllowed("Several people use this database, so only an administrator may do this. Ask one.")


def _is_admin(scope: Scope) -> bool:
    # Not the scope's own word: the role may have been taken away since.
    active_admin = {"_id": scope.user_id, "role": "admin", "status": "active"}
    return scope.db["users"].find_one(active_admin, {"_id": True}) is not None


def _others(scope: Scope) -> bool:
    return scope.db["users"].find_one({"_id": {"$ne": scope.user_id}}, {"_id": True}) is not None
