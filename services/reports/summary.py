"""The report in a few sentences, for whoever reads no more than these, and what stands behind its figures."""

from collections.abc import Callable, Iterator

from services.alerts import alert_text
from services.dashboard import Share, basis_text, is_complete
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
AGAINST_BUDGET = {
    (True, True): N_("It is {share} over the budget of {budget}."),
    (True, False): N_("It is {share} under the budget of {budget}."),
    (False, True): N_(
        "The {count} of {days} days that have all readings are {share} over their part of the budget, "
        "{budget}."
    ),
    (False, False): N_(
        "The {count} of {days} days that have all readings are {share} under their part of the budget, "
        "{budget}."
    ),
}
"""By whether all days have all readings, and whether it is over."""
SILENT_NAMED = 5
"""So many times without readings are told of, one by one."""
MOST_LACKING = 0.999
"""What lacks something is not written as 100 %."""
TERMS = (
    (
        N_("Comparisons"),
        N_(
            "With the month or week before, and the same one a year before: the same meters at the same "
            "hours, as far as both have readings; none where less than half of these are there."
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
        _consumption, _coverage, _plans, _money, _devices, _demand, _alerts, _next_month,
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
            (1, total.change),
            (2, total.year_before.change if total.year_before else None),
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


def _coverage(contents: Contents) -> Iterator[str]:
    """Which meters are silent, what readings lack, and what the comparisons rest on."""
    yield from _silent(contents)
    now = contents.now.figures
    if not is_complete(now.coverage):
        yield gettext(
            "Only {share} of the readings of the period are there; the figures are those of what is there.",
            share=amounts.percent(min(now.coverage or 0.0, MOST_LACKING), 1),
        )
    if contents.missing_days:
        yield gettext(
            "On {count} of {days} days there are no readings.",
            count=formats().number(contents.missing_days),
            days=formats().number(contents.period.days),
        )
    for back, basis in ((1, now.before), (2, now.year_before)):
        rests_on = basis_text(basis)
        if basis and rests_on:
            sentence = (
                N_("The comparison with {other} rests on what both have: {basis}.")
                if basis.enough
                else N_("There is no comparison with {other}; both have too little of the same: {basis}.")
            )
            yield gettext(sentence, other=period_name(contents, back), basis=rests_on)


def _silent(contents: Contents) -> Iterator[str]:
    for silent in contents.silent[:SILENT_NAMED]:
        since = {
            "meter": silent.device,
            "day": formats().day(silent.since.date()),
            "time": formats().time(silent.since),
        }
        if silent.until is None:
            yield gettext("{meter} has sent no readings since {day} at {time}.", **since)
        else:
            until = {"end": formats().day(silent.until.date()), "until": formats().time(silent.until)}
            yield gettext(
                "{meter} sent no readings from {day} at {time} until {end} at {until}.", **since, **until
            )
    more = len(contents.silent) - SILENT_NAMED
    if more > 0:
        yield ngettext(
            "There is {count} more time without readings of a meter.",
            "There are {count} more times without readings of a meter.",
            more,
        )


def _plans(contents: Contents) -> Iterator[str]:
    """Whether it is more than the days were expected to take, or were allowed to."""
    plain, per_day = contents.figures["total"].change, contents.figures["average_day"].change
    # What is left of the change when the number of days does not count.
    if per_day is not None and (plain is None or abs(plain - per_day) >= DAY_CHANGE):
        share, other = amounts.percent(abs(per_day)), period_name(contents, 1)
        yield gettext(PER_DAY[_direction(per_day)], share=share, other=other)
    forecast, total = contents.forecast, contents.figures["total"].value
    # What is missing was forecast, too.
    known = forecast is not None and is_complete(contents.now.figures.coverage)
    error = amounts.change(total, forecast.value) if forecast and known else None
    if forecast is not None and error is not None:
        read_to, share = formats().day(forecast.read_to), amounts.percent(abs(error))
        yield gettext(AGAINST_FORECAST[_direction(error)], share=share, day=read_to)
    if contents.over_budget is not None:
        more, part = contents.over_budget
        budget = amounts.kwh((contents.budget or 0.0) * part)
        places = {"share": amounts.percent(abs(more)), "budget": budget, **_days_of(contents, part)}
        yield gettext(AGAINST_BUDGET[part >= 1, more > 0], **places)
    elif contents.budget:
        yield gettext("It is not compared with the budget: too few days have all readings.")


def _days_of(contents: Contents, part: float) -> dict[str, str]:
    days = contents.period.days
    return {"count": formats().number(round(part * days)), "days": formats().number(days)}


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
    least = DEVICE_CHANGE * (contents.now.figures.average_day.value or 0.0)
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
    """Return each device that is compared, and its kWh a day above the period before."""
    pairs = [(device, contents.a_day(device.before)) for device in contents.now.devices if device.before]
    return [(device, day.now - day.then) for device, day in pairs if day.then]


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
        hours = 24 * contents.covered_days
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
