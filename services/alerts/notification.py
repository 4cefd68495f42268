"""When an alert is notified of, and by which way.

Each alert says when that may be, and whether it is still to be mailed: both are written with it, so that no
crash can come between an alert and its notification. `post` makes mails of what is due.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from services import clock, notifications
from services.alerts.actions import read_alerts
from services.alerts.kinds import KINDS
from services.alerts.records import SEVERITIES, Alert, Severity, worst_first
from services.alerts.text import alert_text
from services.messages import N_, gettext, ngettext
from services.scope import Document, Scope
from services.typed import typed

LONG = 20
"""Alerts that a mail lists; of more it says how many."""
LINES: dict[Severity, str] = {
    "high": N_("High: {alert}"),
    "medium": N_("Medium: {alert}"),
    "low": N_("Low: {alert}"),
}
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def first_fields(scope: Scope) -> Callable[[Document], Document]:
    """Return what gives a new alert's other fields: whether it counts as read, and when it is due."""
    now = datetime.now(UTC)
    quiet = notifications.quiet_hours_of(scope)
    least = notifications.mailed_from(scope)
    mailed = SEVERITIES[: SEVERITIES.index(least) + 1] if least else ()
    silenced = {"$or": [{"alertsMuted": True}, {"alertsSnoozedUntil": {"$gt": now}}]}
    devices = {d["_id"]: d for d in scope.db["devices"].find(scope.owned(silenced))}
    snoozed = {"snoozedUntil": {"$gt": now}}
    rules = {r["_id"]: r["snoozedUntil"] for r in scope.db["alert_rules"].find(scope.owned(snoozed))}

    def first(fields: Document) -> Document:
        device = devices.get(fields["deviceId"], {})
        muted = bool(device.get("alertsMuted"))
        found = now + KINDS[fields["reason"]].told_after
        later = max(found, device.get("alertsSnoozedUntil") or NEVER, rules.get(fields["ruleId"], NEVER))
        return {
            "read": muted,
            "tellAt": quiet.over(later, scope.timezone) if quiet else later,
            "mailDue": not muted and fields["severity"] in mailed,
        }

    return first


@typed
def due(scope: Scope, after: datetime | None, until: datetime) -> list[Alert]:
    """Return the unread alerts that became due after a time, or at any, and until another; worst first."""
    query = _is_due(until) if after is None else {"tellAt": {"$gt": after, "$lte": until}}
    found = scope.db["alerts"].find(scope.owned({"read": False, **query}))
    return worst_first(read_alerts(scope, found))


def post(scope: Scope) -> None:
    """Write a mail of all alerts that are due to be mailed, one for all of them.

    May be called at any time, by several programs at once, and again after a crash at any point.
    """
    query = scope.owned({"mailDue": True, **_is_due(datetime.now(UTC))})
    found = list(scope.db["alerts"].find(query))
    if not found:
        return
    posted = notifications.posted(scope, [alert["_id"] for alert in found])
    unread = [alert for alert in found if not alert["read"] and alert["_id"] not in posted]
    if unread:
        subject, text = _write_mail(worst_first(read_alerts(scope, unread)), scope.timezone)
        if not notifications.enqueue(scope, [alert["_id"] for alert in unread], subject, text):
            return  # another program was faster with some of them; the others come at the next call
    done = {"_id": {"$in": [alert["_id"] for alert in found]}}
    scope.db["alerts"].update_many(scope.owned(done), {"$set": {"mailDue": False}})


def _is_due(until: datetime) -> Document:
    """Match alerts that are due by then, or whose time a clock has set that was ahead."""
    return {"$or": [{"tellAt": {"$lte": until}}, {"createdAt": {"$gt": until + clock.APART}}]}


def _write_mail(alerts: list[Alert], timezone: str) -> tuple[str, str]:
    """Return subject and text of a mail."""
    texts = [alert_text(alert, timezone) for alert in alerts]
    subject = (
        gettext("Loadlens: {alert}", alert=texts[0])
        if len(alerts) == 1
        else gettext("Loadlens: {count} alerts. {worst}", count=len(alerts), worst=texts[0])
    )
    lines = [
        gettext(LINES[alert.severity], alert=said) for alert, said in zip(alerts[:LONG], texts, strict=False)
    ]
    if len(alerts) > LONG:
        lines.append(
            ngettext(
                "And {count} more, which is less severe.",
                "And {count} more, all of them less severe.",
                len(alerts) - LONG,
            )
        )
    lines.append(
        gettext("Times are those of {timezone}. Open Loadlens to see the readings.", timezone=timezone)
    )
    return subject, "\n\n".join(lines)
