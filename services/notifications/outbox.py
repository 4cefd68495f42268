"""Mail that was written and is to be sent: kept in the database until a server has taken it.

A mail is sent by whoever claims it first. The claim lasts a while, so that the mail of a program that died
goes out all the same. Between a server's "accepted" and the note of it there is no way to know which of
both happened: a mail whose sender died just then is sent again, under the Message-ID that it was written
with, by which mail servers and readers drop the second. An alert that is told twice is better than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import make_msgid
from typing import Literal

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError
from pymongo.write_concern import WriteConcern

from services import clock
from services.documents import from_document
from services.errors import LoadlensError
from services.scope import Document, Scope
from services.typed import typed

LEASE = timedelta(minutes=10)
"""Longer than a server may keep a sender waiting."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
MailState = Literal["waiting", "sent", "failed"]
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Mail:
    """One mail of the outbox."""

    id: str
    subject: str
    state: MailState
    tries: int
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime
    """When it is tried next."""
    sentence: str
    """What the last try came to, a template; empty if nothing went wrong."""
    details: Document


@typed
def enqueue(scope: Scope, about: Sequence[ObjectId], subject: str, text: str) -> bool:
    """Write a mail; return False when one of those things that it is ``about`` is in another mail already."""
    now = datetime.now(UTC)
    document = {
        "about": list(about),
        "subject": " ".join(subject.split()),
        "text": text,
        "messageId": make_msgid(domain="loadlens.invalid"),
        "state": "waiting",
        "tries": 0,
        "accepted": [],
        "refused": [],
        "dueAt": now,
        "claimedUntil": NEVER,
        "createdAt": now,
        "sentAt": None,
        **_trouble(None),
    }
    try:
        durable(scope).insert_one(scope.owned(document))
    except DuplicateKeyError:
        return False
    return True


@typed
def posted(scope: Scope, about: Sequence[ObjectId]) -> set[ObjectId]:
    """Return those of these things that are in a mail."""
    found = scope.db["outbox"].find(scope.owned({"about": {"$in": list(about)}}), {"about": True})
    return {thing for mail in found for thing in mail["about"]}


@typed
def list_mails(scope: Scope, limit: int = 50) -> list[Mail]:
    """Return the newest mails first."""
    found = scope.db["outbox"].find(scope.owned()).sort("createdAt", -1).limit(limit)
    return [from_document(Mail, document) for document in found]


def retry(scope: Scope) -> None:
    """Try what waits, and what was refused for good, at the next sending."""
    now = datetime.now(UTC)
    scope.db["outbox"].update_many(scope.owned({"state": "waiting"}), {"$set": {"dueAt": now}})
    scope.db["outbox"].update_many(
        scope.owned({"state": "failed"}), {"$set": {"state": "waiting", "dueAt": now, "refused": []}}
    )


def claim(scope: Scope) -> Document | None:
    """Claim a mail that is due and that nobody else is sending; None when there is none."""
    now = datetime.now(UTC)
    over = [_is_past("dueAt", now, LONGEST_WAIT), _is_past("claimedUntil", now, LEASE + clock.APART)]
    due = {"state": "waiting", "$and": over}
    claimed = {"$set": {"claimedUntil": now + LEASE, "claim": ObjectId()}, "$inc": {"tries": 1}}
    return durable(scope).find_one_and_update(
        scope.owned(due), claimed, sort=[("dueAt", 1)], return_document=ReturnDocument.AFTER
    )


def note_sent(
    scope: Scope, mail: Document, accepted: Sequence[str], refused: LoadlensError | None = None
) -> None:
    """Note that a server has taken the mail; ``refused`` says for whom it will never do so."""
    done = {"state": "sent", "sentAt": datetime.now(UTC), **_trouble(refused)}
    durable(scope).update_one(
        scope.owned({"_id": mail["_id"]}),
        {"$set": done, "$addToSet": {"accepted": {"$each": list(accepted)}}},
    )


def note_refused(
    scope: Scope,
    mail: Document,
    error: LoadlensError,
    for_good: bool,
    accepted: Sequence[str] = (),
    refused: Sequence[str] = (),
) -> None:
    """Note why the mail did not get through, to all or to some; try it later unless it is for good."""
    now = datetime.now(UTC)
    wait = min(FIRST_WAIT * 2 ** min(mail["tries"] - 1, 10), LONGEST_WAIT)
    fields = {
        "state": "failed" if for_good else "waiting",
        "dueAt": now + wait,
        "claimedUntil": NEVER,
        **_trouble(error),
    }
    durable(scope).update_one(
        scope.owned({"_id": mail["_id"], "claim": mail["claim"], "state": "waiting"}),
        {
            "$set": fields,
            "$addToSet": {"accepted": {"$each": list(accepted)}, "refused": {"$each": list(refused)}},
        },
    )


def durable(scope: Scope) -> Collection[Document]:
    """Return the outbox, whose writes are on the disk when they return: a killed server remembers them."""
    return scope.db["outbox"].with_options(write_concern=WriteConcern(w="majority", j=True))


def _is_past(field: str, now: datetime, longest: timedelta) -> Document:
    """Match where the moment has come, or a clock that was set back since has put it too far ahead."""
    return {"$or": [{field: {"$lte": now}}, {field: {"$gt": now + longest}}]}


def _trouble(error: LoadlensError | None) -> Document:
    details = error.details if error else {}
    return {
        "sentence": error.sentence if error else "",
        "details": {name: str(value) for name, value in details.items()},
    }
