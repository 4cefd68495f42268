"""The paragraphs of the summary, in their order."""

from collections.abc import Callable, Iterator

from services.reports import amounts
from services.reports.contents import Contents
from services.reports.summary.consumption import against_plans, consumption
from services.reports.summary.devices import devices
from services.reports.wording import Wording


def summary(contents: Contents, wording: Wording) -> list[str]:
    """A paragraph of one sentence or two for each matter, the most important first."""
    matters: tuple[Callable[[Contents, Wording], Iterator[str]], ...] = (
        consumption, against_plans, _money, devices, _demand, _alerts, _next_month, _gaps,
    )  # fmt: skip
    paragraphs = (" ".join(tell(contents, wording)) for tell in matters)
    return [paragraph for paragraph in paragraphs if paragraph]


def _money(contents: Contents, wording: Wording) -> Iterator[str]:
    cost, co2 = (contents.figures.get(name) for name in ("cost", "co2"))
    details = {
        "cost": amounts.money(wording, cost.value, contents.facility.currency) if cost and cost.value else "",
        "co2": amounts.co2(wording, co2.value) if co2 else "",
    }
    if details["cost"] and details["co2"]:
        yield wording.say("It cost {cost} and caused {co2} of CO₂.", **details)
    elif details["cost"]:
        yield wording.say("It cost {cost}.", **details)
    elif details["co2"]:
        yield wording.say("It caused {co2} of CO₂.", **details)


def _demand(contents: Contents, wording: Wording) -> Iterator[str]:
    figures = contents.now.figures
    if figures.peak_demand_at is not None and figures.peak_demand.value:
        at = figures.peak_demand_at
        yield wording.say(
            "Demand was highest on {day} at {time}: {demand}.",
            day=wording.day(at.date()),
            time=wording.time(at),
            demand=amounts.kw(wording, figures.peak_demand.value),
        )
    if figures.baseload.value and figures.total.value:
        hours = 24 * contents.metered_days
        yield wording.say(
            "The baseload, which never switches off, was {demand}: {share} of the consumption.",
            demand=amounts.kw(wording, figures.baseload.value),
            share=amounts.percent(wording, min(figures.baseload.value * hours / figures.total.value, 1.0)),
        )


def _alerts(contents: Contents, wording: Wording) -> Iterator[str]:
    events = contents.events
    high = sum(event.severity == "high" for event in events)
    if not events:
        yield wording.say("Nothing unusual was found.")
    elif len(events) == 1:
        yield wording.say("One alert was raised: {message}", message=events[0].message)
    else:
        template = "{count} alerts were raised, {high} of them of high severity; the worst: {message}"
        count, severe = wording.number(len(events)), wording.number(high)
        yield wording.say(template, count=count, high=severe, message=events[0].message)


def _next_month(contents: Contents, wording: Wording) -> Iterator[str]:
    if contents.next_month is None:
        return
    value, lower, upper = contents.next_month
    month = wording.month(contents.period.next.start)
    if lower < upper:  # which NaN is not
        yield wording.say(
            "For {month}, {value} are forecast, most likely between {lower} and {upper}.",
            month=month,
            value=amounts.kwh(wording, value),
            lower=amounts.kwh(wording, lower),
            upper=amounts.kwh(wording, upper),
        )
    else:
        yield wording.say(
            "For {month}, {value} are forecast.", month=month, value=amounts.kwh(wording, value)
        )


def _gaps(contents: Contents, wording: Wording) -> Iterator[str]:
    if contents.missing_days:
        yield wording.say(
            "On {count} of {days} days there are no readings; the figures are those of the other days.",
            count=wording.number(contents.missing_days),
            days=wording.number(contents.period.days),
        )
