"""The report in a few sentences, for whoever reads no more than these, and what stands behind its figures."""

from collections.abc import Callable, Iterator

from services.alerts import alert_text
from services.dashboard import Share
from services.messages import N_, formats, gettext, ngettext
from services.reports import amounts
from services.reports.contents import Contents

DAY_CHANGE = 0.01
"""The change by the day is worth a sentence when it differs by so much from that of the whole."""
DEVICE_CHANGE = 0.01
"""A device's change is worth one from this part of the total on."""

TOTALS = {
    (): N_("{subject} used {total} in {period}."),
    ("more",): N_("{subject} used {total} in {period}, {share} more than in {other}."),
    ("less",): N_("{subject} used {total} in {period}, {share} less than in {other}."),
    ("same",): N_("{subject} used {total} in {period}, about as much as in {other}."),
    ("more", "more"): N_(
        "{subject} used {total} in {period}, {share} more than in {other} and {share2} more than in {other2}."
    ),
    ("more", "less"): N_(
        "{subject} used {total} in {period}, {share} more than in {other} and {share2} less than in {other2}."
    ),
    ("more", "same"): N_(
        "{subject} used {total} in {period}, {share} more than in {other} and about as much as in {other2}."
    ),
    ("less", "more"): N_(
        "{subject} used {total} in {period}, {share} less than in {other} and {share2} more than in {other2}."
    ),
    ("less", "less"): N_(
        "{subject} used {total} in {period}, {share} less than in {other} and {share2} less than in {other2}."
    ),
    ("less", "same"): N_(
        "{subject} used {total} in {period}, {share} less than in {other} and about as much as in {other2}."
    ),
    ("same", "more"): N_(
        "{subject} used {total} in {period}, about as much as in {other} and {share2} more than in {other2}."
    ),
    ("same", "less"): N_(
        "{subject} used {total} in {period}, about as much as in {other} and {share2} less than in {other2}."
    ),
    ("same", "same"): N_(
        "{subject} used {total} in {period}, about as much as in {other} and about as much as in {other2}."
    ),
}
"""By how it compares with the period before and with that of a year before, as far as these are known."""
PER_DAY = {
    "more": N_("Per day it was {share} more than in {other}."),
    "less": N_("Per day it was {share} less than in {other}."),
    "same": N_("Per day it was about as much as in {other}."),
}
AGAINST_FORECAST = {
    "more": N_("That is {share} more than had been forecast from the readings up to {day}."),
    "less": N_("That is {share} less than had been forecast from the readings up to {day}."),
    "same": N_("That is what had been forecast from the readings up to {day}."),
}
TERMS = (
    (
        N_("Comparisons"),
        N_(
            "With the whole month or week before, and the same one a year before; none where days of these "
            "have no readings."
        ),
    ),
    (N_("Demand"), N_("The mean over an interval between readings; peak demand is the highest.")),
    (N_("Baseload"), N_("The demand that is hardly ever undercut: what runs day and night.")),
    (N_("Load factor"), N_("Mean demand as a part of peak demand: near 100 % the use is even.")),
    (N_("Average day"), N_("Mean demand of each hour; the band holds eight of ten days.")),
    (N_("Load duration"), N_("For how much of the time demand was at least so high.")),
)


def summary(contents: Contents) -> list[str]:
    """Return a paragraph of one sentence or two for each matter, the most important first."""
    matters: tuple[Callable[[Contents], Iterator[str]], ...] = (
        _consumption, _plans, _money, _devices, _demand, _alerts, _next_month, _gaps,
    )  # fmt: skip
    paragraphs = (" ".join(matter(contents)) for matter in matters)
    return [paragraph for paragraph in paragraphs if paragraph]


def subject_name(contents: Contents) -> str:
    """Return what the report is about."""
    if contents.subject.kind == "facility":
        return contents.facility.name or gettext("The facility")
    return contents.subject.name


def period_name(contents: Contents, back: int = 0) -> str:
    """Return the report's period, the one before (1), or that of the year before (2), in words."""
    period = contents.period
    period = (period, period.previous, period.year_before)[back]
    if period.kind == "month":
        return formats().month(period.start)
    return gettext("the week of {day}", day=formats().day(period.start))


def short_period_name(contents: Contents, back: int) -> str:
    """Return the period before (1), or that of the year before (2), in few letters."""
    period = (contents.period.previous, contents.period.year_before)[back - 1]
    if period.kind == "week":
        return gettext("week of {day}", day=formats().short_day(period.start))
    return f"{formats().short_month(period.start)} {period.start.year}"


def made_line(contents: Contents) -> str:
    """Return when and by what the report was made."""
    return gettext(
        "Made on {day} at {time} by {program}",
        day=formats().day(contents.made_at),
        time=formats().time(contents.made_at),
        program=contents.made_by,
    )


def notes(contents: Contents) -> list[tuple[str, str]]:
    """Return (term, explanation) of what the report holds."""
    facility = contents.facility
    found = [(gettext(sentence), gettext(message)) for sentence, message in TERMS]
    if contents.expected is not None:
        found.append(
            (
                gettext("Forecast"),
                gettext("By the model that did best in its test, which had not seen these days."),
            )
        )
    cost = (
        gettext("By the tariff in the settings of the facility, in {currency}.", currency=facility.currency)
        if "cost" in contents.figures
        else gettext("Unknown: enter a tariff in the settings of the facility.")
    )
    co2 = (
        gettext("{factor} kg for each kWh.", factor=formats().number(facility.emission_factor, 3))
        if "co2" in contents.figures
        else gettext("Unknown: enter an emission factor in the settings of the facility.")
    )
    return [*found, (gettext("Cost"), cost), (gettext("CO₂"), co2)]


def _direction(share: float) -> str:
    return "same" if abs(share) < amounts.SAME else "more" if share > 0 else "less"


def _consumption(contents: Contents) -> Iterator[str]:
    """How much was used, and whether that is more than usual."""
    total = contents.figures["total"]
    compared = [
        (share, period_name(contents, back))
        for back, share in (
            (1, amounts.change(total.value, total.previous)),
            (2, amounts.change(total.value, total.last_year)),
        )
        if share is not None
    ]
    places: dict[str, str] = {}
    for number, (share, other) in zip(("", "2"), compared, strict=False):
        places |= {f"share{number}": amounts.percent(abs(share)), f"other{number}": other}
    yield gettext(
        TOTALS[tuple(_direction(share) for share, _ in compared)],
        subject=subject_name(contents),
        total=amounts.kwh(total.value),
        period=period_name(contents),
        **places,
    )


def _plans(contents: Contents) -> Iterator[str]:
    """Whether it is more than the days were expected to take, or were allowed to."""
    total, day = contents.figures["total"], contents.figures["average_day"]
    plain, per_day = amounts.change(total.value, total.previous), amounts.change(day.value, day.previous)
    # What is left of the change when the number of days does not count.
    if per_day is not None and (plain is None or abs(plain - per_day) >= DAY_CHANGE):
        share, other = amounts.percent(abs(per_day)), period_name(contents, 1)
        yield gettext(PER_DAY[_direction(per_day)], share=share, other=other)
    forecast = contents.forecast
    # What is missing was forecast, too.
    error = amounts.change(total.value, forecast.value) if forecast and not contents.missing_days else None
    if forecast is not None and error is not None:
        read_to, share = formats().day(forecast.read_to), amounts.percent(abs(error))
        yield gettext(AGAINST_FORECAST[_direction(error)], share=share, day=read_to)
    over = amounts.change(total.value, contents.budget)
    if over is None or (contents.missing_days and over < 0):
        return
    places = {"share": amounts.percent(abs(over)), "budget": amounts.kwh(contents.budget)}
    yield (
        gettext("It is {share} over the budget of {budget}.", **places)
        if over > 0
        else gettext("It is {share} under the budget of {budget}.", **places)
    )


def _money(contents: Contents) -> Iterator[str]:
    cost, co2 = (contents.figures.get(name) for name in ("cost", "co2"))
    spent = amounts.money(cost.value, contents.facility.currency) if cost and cost.value else ""
    caused = amounts.co2(co2.value) if co2 else ""
    if spent and caused:
        yield gettext("It cost {cost} and caused {co2} of CO₂.", cost=spent, co2=caused)
    elif spent:
        yield gettext("It cost {cost}.", cost=spent)
    elif caused:
        yield gettext("It caused {co2} of CO₂.", co2=caused)


def _devices(contents: Contents) -> Iterator[str]:
    """The greatest consumer, and those that changed most; nothing of one device alone."""
    found = contents.now.devices
    if len(found) < 2:
        return
    yield gettext(
        "{device} used the most: {kwh}, {share} of the total.",
        device=found[0].name,
        kwh=amounts.kwh(found[0].kwh),
        share=amounts.percent(found[0].share),
    )
    least = DEVICE_CHANGE * sum(device.kwh for device in found) / contents.metered_days
    changes = sorted(_changes(contents), key=lambda change: change[1])
    other = period_name(contents, 1)
    for device, more in changes[-1:]:
        if more >= least:
            yield gettext(
                "{device} rose the most since {other}, by {kwh} a day.",
                device=device.name,
                other=other,
                kwh=amounts.kwh(more),
            )
    for device, more in changes[:1]:
        if -more >= least:
            yield gettext(
                "{device} fell the most since {other}, by {kwh} a day.",
                device=device.name,
                other=other,
                kwh=amounts.kwh(-more),
            )


def _changes(contents: Contents) -> list[tuple[Share, float]]:
    """Return each device with readings in both periods, and its kWh a day above the period before."""
    if contents.before is None:
        return []
    days, days_before = contents.metered_days, contents.period.previous.days
    earlier = {device.id: device.kwh / days_before for device in contents.before.devices}
    return [(d, d.kwh / days - earlier[d.id]) for d in contents.now.devices if earlier.get(d.id)]


def _demand(contents: Contents) -> Iterator[str]:
    figures = contents.now.figures
    if figures.peak_demand_at is not None and figures.peak_demand.value:
        at = figures.peak_demand_at
        yield gettext(
            "Demand was highest on {day} at {time}: {demand}.",
            day=formats().day(at.date()),
            time=formats().time(at),
            demand=amounts.kw(figures.peak_demand.value),
        )
    if figures.baseload.value and figures.total.value:
        hours = 24 * contents.metered_days
        yield gettext(
            "The baseload, which never switches off, was {demand}: {share} of the consumption.",
            demand=amounts.kw(figures.baseload.value),
            share=amounts.percent(min(figures.baseload.value * hours / figures.total.value, 1.0)),
        )


def _alerts(contents: Contents) -> Iterator[str]:
    events = contents.events
    if not events:
        yield gettext("Nothing unusual was found.")
        return
    high = sum(event.severity == "high" for event in events)
    yield ngettext(
        "One alert was raised: {message}",
        "{count} alerts were raised, {high} of them of high severity; the worst: {message}",
        len(events),
        high=formats().number(high),
        message=alert_text(events[0], contents.timezone),
    )


def _next_month(contents: Contents) -> Iterator[str]:
    if contents.next_month is None:
        return
    value, lower, upper = contents.next_month
    month = formats().month(contents.period.next.start)
    if lower < upper:  # which NaN is not
        yield gettext(
            "For {month}, {value} are forecast, most likely between {lower} and {upper}.",
            month=month,
            value=amounts.kwh(value),
            lower=amounts.kwh(lower),
            upper=amounts.kwh(upper),
        )
    else:
        yield gettext("For {month}, {value} are forecast.", month=month, value=amounts.kwh(value))


def _gaps(contents: Contents) -> Iterator[str]:
    if contents.missing_days:
        yield gettext(
            "On {count} of {days} days there are no readings; the figures are those of the other days.",
            count=formats().number(contents.missing_days),
            days=formats().number(contents.period.days),
        )
