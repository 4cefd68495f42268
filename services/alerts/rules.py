"""The rules of a user."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from bson import ObjectId

from services import audit, devices, ids, readings
from services.alerts.alert import SEVERITIES, Alert, worst_first
from services.alerts.event import Event
from services.alerts.reconciliation import reconcile
from services.alerts.rule import Rule, RuleRefused, as_document, check, from_document
from services.alerts.rule_events import broken
from services.scope import Scope
from services.typed import typed

SUBJECT = "alert rules"
LOOK_BACK = timedelta(days=30)
"""How long before the last reading a new rule begins to look."""


def list_rules(scope: Scope) -> list[Rule]:
    """All rules, in the order in which they were added."""
    return [from_document(document) for document in scope.db["alert_rules"].find(scope.owned()).sort("_id")]


@typed
def save_rule(scope: Scope, rule: Rule) -> Rule:
    """Add a rule without an id, or change the one of that id; as it is stored. Raises `RuleRefused`.

    What it finds is listed by `check_rules`. A rule that is added looks back 30 days from the last reading.
    """
    _check_subject(scope, rule)
    check(scope, rule)
    if rule.id:
        fields = as_document(rule)
        before = scope.db["alert_rules"].find_one_and_update(
            scope.owned({"_id": _object_id(rule.id)}), {"$set": fields}
        )
        if before is None:
            raise _gone()
        audit.record_changes(scope, SUBJECT, before, {**before, **fields})
        return from_document({**before, **fields})
    span = readings.span(scope)
    since = (span[1] - LOOK_BACK).isoformat() if span else None
    added = scope.owned(
        {**as_document(rule), "since": since, "snoozedUntil": None, "createdAt": datetime.now(UTC)}
    )
    scope.db["alert_rules"].insert_one(added)
    audit.record_changes(scope, SUBJECT, None, as_document(rule))
    return from_document(added)


@typed
def delete_rule(scope: Scope, rule_id: str) -> None:
    """Delete a rule; `check_rules` then removes what it had found, but for what was read."""
    gone = scope.db["alert_rules"].find_one_and_delete(scope.owned({"_id": _object_id(rule_id)}))
    if gone is None:
        raise _gone()
    audit.record_changes(scope, SUBJECT, as_document(from_document(gone)), None)


@typed
def snooze_rule(scope: Scope, rule_id: str, until: datetime | None) -> None:
    """Tell nothing of what the rule finds until then (aware), or again from now on (None)."""
    changed = scope.db["alert_rules"].update_one(
        scope.owned({"_id": _object_id(rule_id)}), {"$set": {"snoozedUntil": until}}
    )
    if not changed.matched_count:
        raise _gone()


def check_rules(scope: Scope) -> list[Alert]:
    """Hold all rules against the readings and the clock; the new alerts, worst first."""
    by_id = {device.id: device for device in devices.list_devices(scope)}
    return worst_first(reconcile(scope, by_id, events_of_rules(scope), {"ruleId": {"$ne": None}}))


def events_of_rules(scope: Scope, device_ids: Collection[str] | None = None) -> list[Event]:
    """What the rules find; of single devices only of these, if any are given."""
    rules = list_rules(scope)
    if not rules:
        return []
    by_id = {device.id: device for device in devices.list_devices(scope)}
    found = broken(scope, rules, by_id)
    return [e for e in found if device_ids is None or e.device_id is None or e.device_id in device_ids]


def _check_subject(scope: Scope, rule: Rule) -> None:
    if rule.severity not in SEVERITIES:
        raise RuleRefused("There is no such severity.")
    for collection, key in (("devices", rule.device_id), ("categories", rule.category_id)):
        if key and not scope.db[collection].find_one(scope.owned({"_id": _object_id(key)}), {"_id": True}):
            raise RuleRefused("What the rule is about is not there any more. Choose anew.")


def _object_id(text: str) -> ObjectId:
    return ids.object_id(text, _gone())


def _gone() -> RuleRefused:
    return RuleRefused("This rule is not there any more. Refresh the list.")
