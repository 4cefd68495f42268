"""What kind of event an alert is about, why it was found, and what to look at."""

from PySide6.QtCore import QCoreApplication

from services.alerts import Alert
from services.alerts.event import TYPES

translate = QCoreApplication.translate

REASONS = tuple(TYPES)
AGAINST_LIMITS = ("demand", "day", "limit", "outside_hours", "budget")
"""What is expected of these is what is allowed."""


def kind_name(reason: str) -> str:
    """The kind of event, in a word or two."""
    names = {
        "spike": translate("alerts", "Spike"),
        "outage": translate("alerts", "Outage"),
        "stuck": translate("alerts", "Stuck value"),
        "shift": translate("alerts", "Lasting change"),
        "demand": translate("alerts", "Above its rating"),
        "day": translate("alerts", "Above its usual hours"),
        "limit": translate("alerts", "Limit"),
        "outside_hours": translate("alerts", "Outside working hours"),
        "budget": translate("alerts", "Budget"),
        "no_data": translate("alerts", "No readings"),
    }
    return names.get(reason, reason)


def held_against(alert: Alert) -> str:
    """What its expected energy is."""
    return translate("alerts", "Allowed") if alert.reason in AGAINST_LIMITS else translate("alerts", "Usual")


def measured(alert: Alert) -> str:
    """What its actual energy is: of a month that is not over, how it will probably end."""
    foreseen = alert.reason == "budget" and not alert.details.get("complete")
    return translate("alerts", "The month, as foreseen") if foreseen else translate("alerts", "Actual")


def why(alert: Alert, rule: str | None) -> str:
    """What it was held against; ``rule`` in words, if one has found it."""
    if alert.rule_id is not None:
        return (
            translate("alerts", "Your rule: {rule}.").format(rule=rule)
            if rule
            else translate("alerts", "A rule that is not there any more.")
        )
    return {
        "spike": translate(
            "alerts",
            "Usual is what it used at these hours of similar days in the weeks before; it seldom strays so "
            "far from that.",
        ),
        "outage": translate("alerts", "In the weeks before it hardly ever stood still at these hours."),
        "stuck": translate(
            "alerts", "What is really used differs at least a little from one reading to the next."
        ),
        "shift": translate(
            "alerts",
            "Day after day it was far from its weeks before, and the other devices did not go along.",
        ),
        "demand": translate("alerts", "It is held against the rated power that is entered for the device."),
        "day": translate(
            "alerts", "It is held against rated power times hours a day, as entered for the device."
        ),
    }.get(alert.reason, "")


def what_to_check(alert: Alert) -> str:
    """Where to look first."""
    more = (alert.actual or 0) > (alert.expected or 0)
    lasting = (
        translate("alerts", "What has changed since: a schedule, a setpoint, new equipment, a fault.")
        if more
        else translate("alerts", "What does not run any more, and whether it should.")
    )
    return {
        "spike": translate("alerts", "What ran then and usually does not: a timer overridden, a door open."),
        "outage": translate(
            "alerts", "Whether it was switched off or tripped, or only the meter was silent."
        ),
        "stuck": translate("alerts", "The meter and its connection; do not trust what it said then."),
        "shift": lasting,
        "demand": translate("alerts", "The device, and whether its rated power is entered rightly."),
        "day": translate("alerts", "Whether it ran longer than meant, or its hours are entered wrongly."),
        "outside_hours": translate("alerts", "What was left on when everybody went home."),
        "no_data": translate("alerts", "The meter, its connection, and whether its file was imported."),
    }.get(alert.reason, "")
