"""Whether the packed readings, of which every figure is reckoned, are the readings."""

from pymongo.database import Database

from services import accounts, readings
from services.accounts import User
from services.doctor.check import Seen, Unwell, seen
from services.progress import Progress
from services.scope import Document


def look(db: Database[Document], progress: Progress) -> Seen:
    """Raises `Unwell` where they differ, but for accounts with an import under way."""
    differing = [
        user for user in accounts.everyone(db) if not readings.agrees(accounts.scope(db, user), progress)
    ]
    wrong = [user.email for user in differing if not _is_importing(db, user)]
    if wrong:
        raise Unwell(
            "The packed readings of {emails} differ from the readings. Restore a backup.",
            emails=", ".join(wrong),
        )
    if differing:
        emails = ", ".join(user.email for user in differing)
        return seen("not compared for {emails}: an import is running", emails=emails)
    return seen("equal to the readings of every account")


def _is_importing(db: Database[Document], user: User) -> bool:
    under_way = {"userId": accounts.scope(db, user).user_id, "state": {"$in": ["running", "undoing"]}}
    return db["imports"].find_one(under_way, {"_id": True}) is not None
