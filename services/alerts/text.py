"""Alerts in sentences that a facility manager understands, in every language and by the facility's clock.

An alert is stored with the messages of its sentences and with what fills them in, so that every reader has
them in the language that is shown; its ``message`` in the database is the same in English.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.alerts.kinds import KINDS, OTHER_DIRECTIONS
from services.alerts.records import LEAST_KWH, Alert, Event, Severity, State
from services.devices import Device
from services.messages import N_, Formats, formats, gettext
from services.scope import Document

USUAL = N_("{expected} kWh is usual.")
NOTHING_USUAL = N_("Next to nothing is usual.")
COST = N_("The difference costs {cost}.")
FACILITY = N_("The facility")
SEVERITY_LABELS: dict[Severity, str] = {"high": N_("High"), "medium": N_("Medium"), "low": N_("Low")}
STATE_LABELS: dict[State, str] = {
    "unread": N_("Unread"),
    "open": N_("Not acknowledged"),
    "acknowledged": N_("Acknowledged"),
    "snoozed": N_("Snoozed"),
    "normal": N_("Normal after all"),
}
_ENGLISH = Formats()


def compose(
    event: Event, device: Device | None, cost: float | None = None, currency: str = ""
) -> tuple[list[str], Document]:
    """Return the messages that tell of an event, and its details: figures in kWh, kW and money, and times.

    ``cost`` is what was used beyond what was expected.
    """
    kind = KINDS[event.reason]
    details: Document = {"start": event.start, "end": event.end, **event.facts}
    details["device"] = device.name if device else event.facts.get("category", "")
    if event.expected is not None and event.actual is not None:
        details |= {"expected": event.expected, "actual": event.actual}
    if kind.severe_from and device and event.actual is not None:
        hours = (event.end - event.start) / timedelta(hours=1)
        details["demand"] = event.actual / hours
        details["rated"] = (device.rated_power or 0) / 1000
        details["hours"] = device.avg_usage_hours or 0.0
    if event.facts.get("unit") == "cost":
        details["measured_cost"], details["allowed_cost"] = event.facts["measured"], event.facts["allowed"]
    said = kind.sentence(event)
    sentences = [OTHER_DIRECTIONS.get((said, device.direction), said) if device else said]
    if kind.against == "usual":
        sentences.append(USUAL if abs(event.expected or 0) >= LEAST_KWH else NOTHING_USUAL)
    if cost is not None:
        sentences.append(COST)
        details |= {"cost": cost, "currency": currency}
    return sentences, details


def alert_text(alert: Alert, timezone: str, with_cost: bool = True) -> str:
    """Return what an alert says in the language that is shown; one of an older Loadlens, in English."""
    if not alert.sentences:
        return alert.message
    sentences = [said for said in alert.sentences if with_cost or said != COST]
    span = (alert.start, alert.end)
    return _render(sentences, alert.details | {"device": alert.device}, span, timezone, formats(), gettext)


def english_text(sentences: Sequence[str], details: Document, timezone: str) -> str:
    """Return what the messages and details of `compose` say in English."""
    span = (details["start"], details["end"])
    return _render(sentences, details, span, timezone, _ENGLISH, str.format)


def _render(
    sentences: Sequence[str],
    details: Document,
    span: tuple[datetime, datetime],
    timezone: str,
    shown: Formats,
    say: Callable[..., str],
) -> str:
    """Fill in messages; ``say`` takes a message and its places by name."""
    places = {name: _written(name, value, details, shown) for name, value in details.items()}
    places["device"] = details["device"] or say(FACILITY)
    start, end = (_local(moment, ZoneInfo(timezone)) for moment in span)
    places["when"] = _when(start, end, shown, say)
    return " ".join(say(sentence, **places) for sentence in sentences)


def _written(name: str, value: object, details: Document, shown: Formats) -> str:
    if name.endswith("cost") and isinstance(value, int | float):
        return f"{shown.number(value, 2)} {details['currency']}"
    if name in ("from_time", "to_time"):
        return shown.time(datetime.combine(date.min, time.fromisoformat(str(value))))
    if name in ("passed", "last", "since"):
        return shown.day_and_weekday(date.fromisoformat(str(value)))
    if isinstance(value, bool | datetime):
        return ""
    if name == "hours" and isinstance(value, float):
        return shown.number(value, 0 if value.is_integer() else 1 if (10 * value).is_integer() else 2)
    if isinstance(value, float):
        return shown.number(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 1 else 2)
    return shown.number(value) if isinstance(value, int) else str(value)


def _when(start: datetime, end: datetime, shown: Formats, say: Callable[..., str]) -> str:
    last = end - timedelta(minutes=1)
    first_day = shown.day_and_weekday(start)
    if f"{start:%H:%M}" == f"{end:%H:%M}" == "00:00":
        if start.date() == last.date():
            return say(N_("on {day}"), day=first_day)
        return say(N_("from {first} to {last}"), first=first_day, last=shown.day_and_weekday(last))
    begin, finish = shown.time(start), shown.time(end)
    if start.date() == last.date():
        if end.date() != start.date() and finish == "00:00":
            finish = "24:00"
        return say(N_("between {start} and {end} on {day}"), start=begin, end=finish, day=first_day)
    return say(
        N_("from {start} on {first} to {end} on {last}"),
        start=begin,
        first=first_day,
        end=finish,
        last=shown.day_and_weekday(end),
    )


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)


def subject_text(alert: Alert) -> str:
    """Return what an alert is about: a device, a category, or everything."""
    return alert.device or gettext(FACILITY)


def kind_text(reason: str) -> str:
    """Return the label of a kind of event; of one that is not known any more its name."""
    return gettext(KINDS[reason].label) if reason in KINDS else reason


def expected_text(alert: Alert) -> str:
    """Return what the expected energy of an alert is."""
    kind = KINDS.get(alert.reason)
    return gettext("Usual") if kind and kind.against == "usual" else gettext("Allowed")


def actual_text(alert: Alert) -> str:
    """Return what the actual energy of an alert is: of a month that is not over, how it will probably end."""
    kind = KINDS.get(alert.reason)
    if kind and kind.foreseen_label and not alert.details.get("complete"):
        return gettext(kind.foreseen_label)
    return gettext("Actual")


def why_text(alert: Alert, rule: str | None) -> str:
    """Return why an alert was raised; ``rule`` in words, if one has found it."""
    if alert.rule_id is not None and rule:
        return gettext("Your rule: {rule}.", rule=rule)
    if alert.rule_id is not None:
        return gettext("A rule that is not there any more.")
    kind = KINDS.get(alert.reason)
    return gettext(kind.why) if kind and kind.why else ""


def advice_text(alert: Alert) -> str:
    """Return where to look first, empty where there is nothing to say."""
    kind = KINDS.get(alert.reason)
    if kind is None:
        return ""
    is_less = (alert.actual or 0) <= (alert.expected or 0)
    message = (is_less and kind.advice_if_less) or kind.advice
    return gettext(message) if message else ""


def severity_text(severity: Severity) -> str:
    """Return the label of a severity."""
    return gettext(SEVERITY_LABELS[severity])


def state_text(state: State) -> str:
    """Return the label of what people made of an alert."""
    return gettext(STATE_LABELS[state])
