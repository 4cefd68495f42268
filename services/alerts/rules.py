"""The rules of a user: kept, checked, and held against the readings."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from bson import ObjectId

from services import audit, devices, ids, readings
from services.alerts.kinds import rule_kinds
from services.alerts.reconciliation import reconcile
from services.alerts.records import Alert, Event, Rule, RuleRefused, worst_first
from services.alerts.rule_events import contexts
from services.alerts.silence import SILENT, find_silences
from services.documents import from_document, to_document
from services.facility import facility_of
from services.readings import load_profile_of
from services.scope import Scope
from services.typed import typed

SUBJECT = "alert rules"
NOT_OF_THE_RULE = ("id", "since", "snoozed_until")
"""What is not changed with a rule."""
LOOK_BACK = timedelta(days=30)
"""How long before the last reading a new rule begins to look."""


def list_rules(scope: Scope) -> list[Rule]:
    """Return all rules, in the order in which they were added."""
    found = scope.db["alert_rules"].find(scope.owned()).sort("_id")
    return [from_document(Rule, document) for document in found]


@typed
def save_rule(scope: Scope, rule: Rule) -> Rule:
    """Add a rule without an id, or change the one of that id; return it as stored. Raises `RuleRefused`.

    What it finds is listed by `check_rules`. A rule that is added looks back 30 days from the last reading.
    """
    _check_subject(scope, rule)
    _check(scope, rule)
    fields = to_document(rule, NOT_OF_THE_RULE)
    if rule.id:
        before = scope.db["alert_rules"].find_one_and_update(
            scope.owned({"_id": _object_id(rule.id)}), {"$set": fields}
        )
        if before is None:
            raise _gone()
        audit.record_changes(scope, SUBJECT, before, {**before, **fields})
        return from_document(Rule, {**before, **fields})
    span = readings.span(scope)
    since = (span[1] - LOOK_BACK).isoformat() if span else None
    added = scope.owned({**fields, "since": since, "snoozedUntil": None, "createdAt": datetime.now(UTC)})
    scope.db["alert_rules"].insert_one(added)
    audit.record_changes(scope, SUBJECT, None, fields)
    return from_document(Rule, added)


@typed
def delete_rule(scope: Scope, rule_id: str) -> None:
    """Delete a rule; `check_rules` then removes what it had found, but for what was read."""
    gone = scope.db["alert_rules"].find_one_and_delete(scope.owned({"_id": _object_id(rule_id)}))
    if gone is None:
        raise _gone()
    audit.record_changes(scope, SUBJECT, to_document(from_document(Rule, gone), NOT_OF_THE_RULE), None)


@typed
def snooze_rule(scope: Scope, rule_id: str, until: datetime | None) -> None:
    """Notify of nothing that the rule finds until then (aware), or again from now on (None)."""
    changed = scope.db["alert_rules"].update_one(
        scope.owned({"_id": _object_id(rule_id)}), {"$set": {"snoozedUntil": until}}
    )
    if not changed.matched_count:
        raise _gone()


def check_rules(scope: Scope) -> list[Alert]:
    """Hold all rules against the readings and the clock, and look for silent meters.

    Return the new alerts, worst first.
    """
    by_id = {device.id: device for device in devices.list_devices(scope)}
    among = {"$or": [{"ruleId": {"$ne": None}}, {"reason": SILENT}]}
    return worst_first(reconcile(scope, by_id, [*events_of_rules(scope), *find_silences(scope)], among))


def events_of_rules(scope: Scope, device_ids: Collection[str] | None = None) -> list[Event]:
    """Return what the rules find; of single devices only of these, if any are given."""
    rules, kinds = list_rules(scope), rule_kinds()
    if not rules:
        return []
    by_id = {device.id: device for device in devices.list_devices(scope)}
    found: list[Event] = []
    for context in contexts(scope, rules, by_id, facility_of(scope), load_profile_of(scope)):
        found += kinds[context.rule.kind].find(context, context.rule)
    return [e for e in found if device_ids is None or e.device_id is None or e.device_id in device_ids]


def _check_subject(scope: Scope, rule: Rule) -> None:
    for collection, key in (("devices", rule.device_id), ("categories", rule.category_id)):
        if key and not scope.db[collection].find_one(scope.owned({"_id": _object_id(key)}), {"_id": True}):
            raise RuleRefused("What the rule is about is not there any more. Choose anew.")


def _check(scope: Scope, rule: Rule) -> None:
    """Raise `RuleRefused` for what is no rule."""
    kind = rule_kinds().get(rule.kind)
    if kind is None:
        raise RuleRefused("There is no such rule.")
    if rule.device_id and rule.category_id:
        raise RuleRefused("A rule is about a device or about a category, not both.")
    if rule.limit is not None and not 0 <= rule.limit < float("inf"):
        raise RuleRefused("What is allowed is a number from 0 up.")
    if rule.limit is None and not kind.if_empty:
        raise RuleRefused("Enter how much is allowed.")
    if rule.limit is not None and rule.limit < kind.least:
        raise RuleRefused(kind.too_little)
    kind.check(rule, facility_of(scope))


def _object_id(text: str) -> ObjectId:
    return ids.object_id(text, _gone())


def _gone() -> RuleRefused:
    return RuleRefused("This rule is not there any more. Refresh the list.")
