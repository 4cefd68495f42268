"""An event as a sentence that a facility manager understands."""

from datetime import datetime, timedelta

from services.alerts.event import Event
from services.devices import Device

SENTENCES = {
    "spike": "{device} used {actual} kWh {when}; {usual} is usual.",
    "outage": "{device} used next to nothing ({actual} kWh) {when}; {usual} is usual.",
    "stuck": "{device} reported one and the same value {when}, {actual} kWh in all; {usual} is usual. "
    "Check the meter.",
    "shift": "{device} used {actual} kWh {when}; {usual} is usual.",
    "demand": "{device} drew {demand} kW on average {when}; it is rated at {rated} kW.",
    "day": "{device} used {actual} kWh {when}; at {rated} kW for {hours} hours a day it would be "
    "{expected} kWh.",
}
LEAST_KWH = 0.05
"""Less than this reads as nothing."""
# Not strftime's: those change with the program's locale, and the sentence is stored in English.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def message(event: Event, device: Device) -> str:
    """The sentence for an event of this device, its times local."""
    duration = (event.end - event.start) / timedelta(hours=1)
    return SENTENCES[event.reason].format(
        device=device.name,
        actual=_number(event.actual),
        expected=_number(event.expected),
        usual=f"{_number(event.expected)} kWh" if event.expected >= LEAST_KWH else "next to nothing",
        when=_when(event.start, event.end),
        demand=_number(event.actual / duration),
        rated=_number((device.rated_power or 0) / 1000),
        hours=f"{device.avg_usage_hours or 0:g}",
    )


def _when(start: datetime, end: datetime) -> str:
    last = end - timedelta(minutes=1)
    if f"{start:%H:%M}" == f"{end:%H:%M}" == "00:00":
        one_day = start.date() == last.date()
        return f"on {_day(start)}" if one_day else f"from {_day(start)} to {_day(last)}"
    if start.date() == last.date():
        until = f"{end:%H:%M}" if end.date() == start.date() else "24:00"
        return f"between {start:%H:%M} and {until} on {_day(start)}"
    return f"from {start:%H:%M} on {_day(start)} to {end:%H:%M} on {_day(end)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _number(value: float) -> str:
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:.1f}" if size >= 1 else f"{value:.2f}"
