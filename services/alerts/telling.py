"""When an alert is told, and by which way.

Each alert says when it may be told, and whether it is still to be mailed: both are written with it, so
that no crash can come between an alert and its telling. `post` makes mails of what is due.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from services import clock, notifications
from services.alerts.alert import SEVERITIES, Alert, worst_first
from services.alerts.listing import named
from services.scope import Document, Scope
from services.typed import typed

LONG = 20
"""Alerts that a mail lists; of more it says how many."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def first_fields(scope: Scope) -> Callable[[Document], Document]:
    """A function of a new alert's other fields: whether it counts as read, and how it is told."""
    now = datetime.now(UTC)
    quiet = notifications.quiet_hours_of(scope)
    least = notifications.mailed_from(scope)
    mailed = SEVERITIES[: SEVERITIES.index(least) + 1] if least else ()
    unless_told = {"$or": [{"alertsMuted": True}, {"alertsSnoozedUntil": {"$gt": now}}]}
    devices = {d["_id"]: d for d in scope.db["devices"].find(scope.owned(unless_told))}
    snoozed = {"snoozedUntil": {"$gt": now}}
    rules = {r["_id"]: r["snoozedUntil"] for r in scope.db["alert_rules"].find(scope.owned(snoozed))}

    def first(fields: Document) -> Document:
        device = devices.get(fields["deviceId"], {})
        muted = bool(device.get("alertsMuted"))
        later = max(now, device.get("alertsSnoozedUntil") or NEVER, rules.get(fields["ruleId"], NEVER))
        return {
            "read": muted,
            "tellAt": quiet.over(later, scope.timezone) if quiet else later,
            "mailDue": not muted and fields["severity"] in mailed,
        }

    return first


@typed
def due(scope: Scope, after: datetime | None, until: datetime) -> list[Alert]:
    """The unread alerts that may be told since ``after``, all unless given, until then; worst first."""
    query = _come(until) if after is None else {"tellAt": {"$gt": after, "$lte": until}}
    found = scope.db["alerts"].find(scope.owned({"read": False, **query}))
    return worst_first(named(scope, found))


def post(scope: Scope) -> None:
    """Write a mail of all alerts that are due to be mailed, one for all of them.

    May be called at any time, by several programs at once, and again after a crash at any point.
    """
    query = scope.owned({"mailDue": True, **_come(datetime.now(UTC))})
    found = list(scope.db["alerts"].find(query))
    if not found:
        return
    posted = notifications.posted(scope, [alert["_id"] for alert in found])
    unread = [alert for alert in found if not alert["read"] and alert["_id"] not in posted]
    if unread:
        subject, text = _letter(worst_first(named(scope, unread)), scope.timezone)
        if not notifications.enqueue(scope, [alert["_id"] for alert in unread], subject, text):
            return  # another program was faster with some of them; the others come at the next call
    done = {"_id": {"$in": [alert["_id"] for alert in found]}}
    scope.db["alerts"].update_many(scope.owned(done), {"$set": {"mailDue": False}})


def _come(until: datetime) -> Document:
    """Alerts that may be told by then, or were found by a clock that was ahead and said when by that."""
    return {"$or": [{"tellAt": {"$lte": until}}, {"createdAt": {"$gt": until + clock.APART}}]}


def _letter(alerts: list[Alert], timezone: str) -> tuple[str, str]:
    """Subject and text of a mail."""
    worst, count = alerts[0], len(alerts)
    subject = f"Loadlens: {worst.message}"
    if count > 1:
        subject = f"Loadlens: {count} alerts. {worst.message}"
    lines = [f"{alert.severity.capitalize()}: {alert.message}" for alert in alerts[:LONG]]
    if count > LONG:
        lines.append(f"And {count - LONG} more, all of them less severe.")
    lines.append(f"Times are those of {timezone}. Open Loadlens to see the readings.")
    return subject, "\n\n".join(lines)
