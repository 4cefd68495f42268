"""What a manager wants to be told of, beyond what is found unasked."""

from dataclasses import dataclass
from datetime import date, datetime

from services import ids
from services.errors import LoadlensError
from services.facility import facility_of
from services.scope import Document, Scope

KINDS = ("limit", "outside_hours", "budget", "no_data")
UNITS = ("kWh", "kW", "cost")
PERIODS = ("hour", "day", "month")
WORKING_DAYS = frozenset(range(5))


class RuleRefused(LoadlensError):
    """A rule that cannot be kept as it is, or that is not there any more."""


@dataclass(frozen=True)
class Rule:
    """One rule, about a device, a category or, where neither is named, the whole facility."""

    kind: str
    """limit: more than allowed in a period. outside_hours: more than allowed in an hour outside working
    hours. budget: more than allowed in a month, as far as can be foreseen. no_data: nothing was read."""
    severity: str = "medium"
    device_id: str | None = None
    category_id: str | None = None
    limit: float | None = None
    """What is allowed: in ``unit``; for no_data in days; None for the facility's monthly budget."""
    unit: str = "kWh"
    """Of a limit: kWh, kW (the demand of each interval), or cost by the facility's tariff."""
    per: str = "day"
    """hour, day or month, which a limit in kW is not asked for."""
    weekdays: frozenset[int] = WORKING_DAYS
    """0 = Monday: the days with working hours."""
    from_hour: int = 8
    to_hour: int = 18
    """Exclusive, 24 allowed."""
    enabled: bool = True
    since: date | None = None
    """Earlier readings are left alone; set when the rule is added."""
    snoozed_until: datetime | None = None
    """What it finds before is listed at once, but told only then."""
    id: str = ""


def check(scope: Scope, rule: Rule) -> None:
    """Raises `RuleRefused` for what is no rule."""
    if rule.kind not in KINDS or rule.unit not in UNITS or rule.per not in PERIODS:
        raise RuleRefused("There is no such rule.")
    if rule.device_id and rule.category_id:
        raise RuleRefused("A rule is about a device or about a category, not both.")
    if rule.limit is not None and not 0 <= rule.limit < float("inf"):
        raise RuleRefused("What is allowed is a number from 0 up.")
    if rule.limit is None and rule.kind != "budget":
        raise RuleRefused("Enter how much is allowed.")
    if rule.kind == "no_data" and (rule.limit or 0) < 1:
        raise RuleRefused("Enter after how many days without readings you want to know: 1 or more.")
    if rule.kind == "outside_hours":
        _check_hours(rule)
    _check_facility(scope, rule)


def _check_hours(rule: Rule) -> None:
    if not 0 <= rule.from_hour < rule.to_hour <= 24:
        raise RuleRefused("Working hours begin at one full hour and end at a later one of the same day.")
    if not rule.weekdays <= frozenset(range(7)):
        raise RuleRefused("There is no such day of the week.")


def _check_facility(scope: Scope, rule: Rule) -> None:
    facility = facility_of(scope)
    if rule.kind == "limit" and rule.unit == "cost" and facility.tariff is None:
        raise RuleRefused("What energy costs is not known. Enter the tariff under Settings, Facility, first.")
    if rule.kind == "budget" and rule.limit is None and facility.monthly_budget is None:
        raise RuleRefused("Enter the monthly budget here, or under Settings, Facility.")
    if rule.kind == "budget" and rule.limit is None and (rule.device_id or rule.category_id):
        raise RuleRefused("The facility's budget is for all of it. Enter a budget for this part.")


def as_document(rule: Rule) -> Document:
    """The fields of a document of `alert_rules`, without those that say whose and which."""
    return {
        "kind": rule.kind,
        "severity": rule.severity,
        "deviceId": ids.object_id(rule.device_id) if rule.device_id else None,
        "categoryId": ids.object_id(rule.category_id) if rule.category_id else None,
        "limit": rule.limit,
        "unit": rule.unit,
        "per": rule.per,
        "weekdays": sorted(rule.weekdays),
        "fromHour": rule.from_hour,
        "toHour": rule.to_hour,
        "enabled": rule.enabled,
    }


def from_document(document: Document) -> Rule:
    """The rule that a document of `alert_rules` describes."""
    return Rule(
        id=str(document["_id"]),
        kind=document["kind"],
        severity=document["severity"],
        device_id=str(document["deviceId"]) if document["deviceId"] else None,
        category_id=str(document["categoryId"]) if document["categoryId"] else None,
        limit=document["limit"],
        unit=document["unit"],
        per=document["per"],
        weekdays=frozenset(document["weekdays"]),
        from_hour=document["fromHour"],
        to_hour=document["toHour"],
        enabled=document["enabled"],
        since=date.fromisoformat(document["since"]) if document["since"] else None,
        snoozed_until=document["snoozedUntil"],
    )
