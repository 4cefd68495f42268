"""An event in sentences that a facility manager understands: templates, and what is to be filled in.

The templates are stored with the alert, so that they can be translated and their figures written as the
reader does; `in_english` is what everybody else reads.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.alerts.event import Event
from services.devices import Device
from services.scope import Document

USUAL = "{expected} kWh is usual."
NOTHING_USUAL = "Next to nothing is usual."
SENTENCES = {
    "spike": "{device} used {actual} kWh {when}.",
    "outage": "{device} used next to nothing ({actual} kWh) {when}.",
    "stuck": "{device} reported one and the same value {when}, {actual} kWh in all. Check the meter.",
    "shift": "{device} used {actual} kWh {when}.",
    "demand": "{device} drew {demand} kW on average {when}; it is rated at {rated} kW.",
    "day": "{device} used {actual} kWh {when}; at {rated} kW for {hours} hours a day it would be "
    "{expected} kWh.",
    "outside_hours": "{device} used {actual} kWh outside working hours, {when}; {expected} kWh is allowed.",
    "no_data": "{device} has sent no readings since {last}: for {days} days.",
}
LIMITS = {
    ("kWh", "hour"): "{device} used up to {measured} kWh an hour {when}; {allowed} kWh is allowed.",
    ("kWh", "day"): "{device} used up to {measured} kWh a day {when}; {allowed} kWh is allowed.",
    ("kWh", "month"): "{device} used {measured} kWh {when}; {allowed} kWh a month is allowed.",
    ("kW", "interval"): "{device} drew up to {measured} kW {when}; {allowed} kW is allowed.",
    ("cost", "hour"): "{device} cost up to {measured_cost} an hour {when}; {allowed_cost} is allowed.",
    ("cost", "day"): "{device} cost up to {measured_cost} a day {when}; {allowed_cost} is allowed.",
    ("cost", "month"): "{device} cost {measured_cost} {when}; {allowed_cost} a month is allowed.",
}
BUDGETS = {
    # Whether the day lies ahead, and whether the month is over.
    (True, False): "{device} will pass the budget of {expected} kWh on {passed}, at {actual} kWh for the "
    "month, if it goes on as usual.",
    (False, False): "{device} passed the budget of {expected} kWh on {passed}; the month will come to "
    "{actual} kWh if it goes on as usual.",
    (False, True): "{device} passed the budget of {expected} kWh on {passed}; the month came to "
    "{actual} kWh.",
}
COST = "The difference costs {cost}."
FACILITY = "The facility"
AS_USUAL = {"spike", "outage", "stuck", "shift"}
LEAST_KWH = 0.05
"""Less than this reads as nothing."""
# Not strftime's: those change with the program's locale, and the sentence is stored in English.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def message(
    event: Event, device: Device | None, cost: float | None = None, currency: str = ""
) -> tuple[list[str], Document]:
    """The templates of the sentences for an event, and its details: figures in kWh, kW and money, and
    times, as they are. ``cost``: what was used beyond what was expected costs."""
    details: Document = {"start": event.start, "end": event.end, **event.facts}
    details["device"] = device.name if device else event.facts.get("category", "")
    if event.expected is not None and event.actual is not None:
        details |= {"expected": event.expected, "actual": event.actual}
    if event.reason in ("demand", "day") and device and event.actual is not None:
        hours = (event.end - event.start) / timedelta(hours=1)
        details["demand"] = event.actual / hours
        details["rated"] = (device.rated_power or 0) / 1000
        details["hours"] = device.avg_usage_hours or 0.0
    if event.facts.get("unit") == "cost":
        details["measured_cost"], details["allowed_cost"] = event.facts["measured"], event.facts["allowed"]
    sentences = [_template(event)]
    if event.reason in AS_USUAL:
        sentences.append(USUAL if (event.expected or 0) >= LEAST_KWH else NOTHING_USUAL)
    if cost is not None:
        sentences.append(COST)
        details |= {"cost": cost, "currency": currency}
    return sentences, details


def _template(event: Event) -> str:
    if event.reason == "limit":
        return LIMITS[event.facts["unit"], event.facts["per"]]
    if event.reason == "budget":
        return BUDGETS[event.facts["foreseen"], event.facts["complete"]]
    return SENTENCES[event.reason]


def in_english(sentences: list[str], details: Document, timezone: str) -> str:
    """The sentences of an alert as `message` gave them, by the clock of the facility."""
    zone = ZoneInfo(timezone)
    words = {name: _word(name, value, details) for name, value in details.items()}
    words["device"] = words["device"] or FACILITY
    words["when"] = _when(details["start"].astimezone(zone), details["end"].astimezone(zone))
    return " ".join(sentence.format(**words) for sentence in sentences)


def _word(name: str, value: object, details: Document) -> str:
    if isinstance(value, bool | datetime):
        return str(value)
    if name.endswith("cost"):
        return f"{value:,.2f} {details['currency']}"
    if name in ("passed", "last"):
        return _day(date.fromisoformat(str(value)))
    if isinstance(value, int) or name == "hours":
        return f"{value:g}"
    return _number(value) if isinstance(value, float) else str(value)


def _when(start: datetime, end: datetime) -> str:
    last = end - timedelta(minutes=1)
    if f"{start:%H:%M}" == f"{end:%H:%M}" == "00:00":
        one_day = start.date() == last.date()
        return f"on {_day(start)}" if one_day else f"from {_day(start)} to {_day(last)}"
    if start.date() == last.date():
        until = f"{end:%H:%M}" if end.date() == start.date() else "24:00"
        return f"between {start:%H:%M} and {until} on {_day(start)}"
    return f"from {start:%H:%M} on {_day(start)} to {end:%H:%M} on {_day(end)}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _number(value: float) -> str:
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:.1f}" if size >= 1 else f"{value:.2f}"
