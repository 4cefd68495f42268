"""The open sessions in the database: a session that is not there is over, whatever its token says."""

import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bson import ObjectId
from pymongo.database import Database

from services.scope import Document


@dataclass(frozen=True)
class OpenSession:
    """Where and since when an account is signed in."""

    id: str
    host: str
    created_at: datetime
    last_used_at: datetime
    """To within half the life of an access token."""
    kept: bool
    """Whether it is opened again without a password."""
    current: bool


def new_id() -> str:
    """Return a name that nobody guesses, for a session or a refresh token."""
    return secrets.token_urlsafe(16)


def begin(
    db: Database[Document], session_id: str, user_id: ObjectId, last: timedelta, refresh_id: str | None
) -> None:
    """Open a session that lasts so long unless it is used."""
    now = datetime.now(UTC)
    session = {
        "_id": session_id,
        "userId": user_id,
        "host": socket.gethostname(),
        "createdAt": now,
        "lastUsedAt": now,
        "expiresAt": now + last,
        "refreshId": refresh_id,
    }
    db["sessions"].insert_one(session)


def user_of(db: Database[Document], session_id: str, user_id: ObjectId) -> Document | None:
    """Return the document of the user whose open session it is; None when it is over.

    It is asked before every call of a service, so session and user come in one round trip, side by side:
    to join them takes the server half as long again.
    """
    with db["sessions"].aggregate(
        [
            {"$match": {"_id": {"$eq": session_id}}},
            {"$unionWith": {"coll": "users", "pipeline": [{"$match": {"_id": user_id}}]}},
        ]
    ) as both:
        found = {document["_id"]: document for document in both}
    is_open = found.get(session_id, {}).get("userId") == user_id
    return found.get(user_id) if is_open else None


def use(db: Database[Document], session_id: str, user_id: ObjectId, last: timedelta) -> None:
    """Note that it is used, and let it last so long from now."""
    now = datetime.now(UTC)
    change = {"$set": {"lastUsedAt": now}, "$max": {"expiresAt": now + last}}
    db["sessions"].update_one(_one(session_id, user_id), change)


def rotate(
    db: Database[Document], session_id: str, user_id: ObjectId, used: str, following: str, last: timedelta
) -> bool:
    """Let ``following`` take the place of the refresh token that is ``used``; whether that one is good.

    Both are good until `settle`: a program that dies before the new one is kept comes back with the old. The
    session lasts so long from now.
    """
    now = datetime.now(UTC)
    good = {"$or": [{"refreshId": {"$eq": used}}, {"nextRefreshId": {"$eq": used}}]}
    change = {
        "$set": {"refreshId": used, "nextRefreshId": following, "lastUsedAt": now},
        "$max": {"expiresAt": now + last},
    }
    return db["sessions"].update_one({**_one(session_id, user_id), **good}, change).matched_count == 1


def settle(db: Database[Document], session_id: str, user_id: ObjectId, following: str) -> None:
    """Note that ``following`` is kept, so that the refresh token before it is good no more."""
    change = {"$set": {"refreshId": following}, "$unset": {"nextRefreshId": ""}}
    db["sessions"].update_one({**_one(session_id, user_id), "nextRefreshId": {"$eq": following}}, change)


def end(db: Database[Document], session_id: str, user_id: ObjectId) -> bool:
    """Close one session of that user; whether it was open."""
    return db["sessions"].delete_one(_one(session_id, user_id)).deleted_count == 1


def end_all(db: Database[Document], user_id: ObjectId, but: str | None = None) -> int:
    """Close every session of the user except the one named; how many those were."""
    return db["sessions"].delete_many({"userId": user_id, "_id": {"$ne": but}}).deleted_count


def of_user(db: Database[Document], user_id: ObjectId, current: str) -> list[OpenSession]:
    """Return the user's open sessions, the last used first."""
    open_now = {"userId": user_id, "expiresAt": {"$gt": datetime.now(UTC)}}
    return [
        OpenSession(
            id=document["_id"],
            host=document["host"],
            created_at=document["createdAt"],
            last_used_at=document["lastUsedAt"],
            kept=document["refreshId"] is not None,
            current=document["_id"] == current,
        )
        for document in db["sessions"].find(open_now).sort("lastUsedAt", -1)
    ]


def _one(session_id: str, user_id: ObjectId) -> Document:
    return {"_id": {"$eq": session_id}, "userId": user_id}
