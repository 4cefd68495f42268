"""The registry of what can happen to a device, and of what a rule can be about: one entry for each kind.

All that Loadlens says of a kind stands in its entry: the sentence of its alerts, its label, why it was found
and what to check. Lists, mail, reports, the command line and the dialog of rules read it from here. A new
kind is one more entry; what it finds in the readings is a function of `rule_events`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from services.alerts.records import AlertType, Event, Rule, RuleRefused, Severity
from services.alerts.rule_events import RuleContext, find_missing_data, find_over_budget, find_over_limit
from services.facility import Facility
from services.messages import N_

RuleField = Literal["unit", "hours"]
"""What a kind of rule asks for beside an amount: in which unit and per what; when people work."""


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """A kind of event that is found without a rule."""

    name: str
    """The reason that its alerts are stored with."""
    type: AlertType
    label: str
    """In a word or two."""
    sentences: Mapping[tuple[object, ...], str]
    """What an alert says, by the facts named in ``chosen_by``."""
    chosen_by: tuple[str, ...] = ()
    against: Literal["usual", "allowed"] = "allowed"
    """What its expected energy is: what the device usually uses, or what it may use."""
    severe_from: tuple[float, float] | None = None
    """From how many times the limit on an event is medium, and high; None where its detector or rule says."""
    why: str = ""
    """Why it was found."""
    advice: str = ""
    """Where to look first."""
    advice_if_less: str = ""
    """The same where less was used than expected; empty if it is the same."""
    foreseen_label: str = ""
    """What its actual energy is while the month is not over, where that is foreseen."""
    told_after: timedelta = timedelta(0)
    """How long after it was found people are notified: what is still being imported may take it back."""
    is_priced: bool = True
    """Whether what was used too much is a cost of its own."""

    def sentence(self, event: Event) -> str:
        """Return the message that tells of an event."""
        return self.sentences[tuple(event.facts[name] for name in self.chosen_by)]

    def severity(self, times: float) -> Severity:
        """Return how severe an event is that is so many times what is allowed."""
        medium, high = self.severe_from or (0.0, 0.0)
        return "high" if times >= high else "medium" if times >= medium else "low"


@dataclass(frozen=True, kw_only=True)
class RuleKind(EventKind):
    """A kind of rule, and of the events that it finds."""

    choice: str
    """What the dialog offers."""
    find: Callable[[RuleContext, Rule], Iterable[Event]]
    text: Callable[[Rule], str]
    """The message that says what a rule is about; places: amount, days, start, end."""
    fields: frozenset[RuleField] = frozenset()
    amount_unit: str = ""
    """What the amount is in, where the rule does not say."""
    is_count: bool = False
    """Whether the amount counts something, and is a whole number."""
    hint: str = ""
    if_empty: str = ""
    """What an amount that is left empty stands for; empty where one is needed."""
    least: float = 0.0
    too_little: str = ""
    """The refusal of an amount below ``least``."""
    check: Callable[[Rule, Facility], None] = lambda _rule, _facility: None
    """Raise `RuleRefused` where the facility does not say what the rule needs."""
    each_device: bool = False
    """Whether a rule about everything is about every device by itself."""


def _check_tariff(rule: Rule, facility: Facility) -> None:
    if rule.unit == "cost" and facility.tariff is None:
        raise RuleRefused("What energy costs is not known. Enter the tariff under Settings, Facility, first.")


def _check_hours(rule: Rule, _facility: Facility) -> None:
    if not 0 <= rule.from_hour < rule.to_hour <= 24:
        raise RuleRefused("Working hours begin at one full hour and end at a later one of the same day.")
    if not rule.weekdays <= frozenset(range(7)):
        raise RuleRefused("There is no such day of the week.")


def _check_budget(rule: Rule, facility: Facility) -> None:
    if rule.limit is None and facility.monthly_budget is None:
        raise RuleRefused("Enter the monthly budget here, or under Settings, Facility.")
    if rule.limit is None and (rule.device_id or rule.category_id):
        raise RuleRefused("The facility's budget is for all of it. Enter a budget for this part.")


def _limit_text(rule: Rule) -> str:
    return {
        "kW": N_("More than {amount} kW"),
        ("kWh", "hour"): N_("More than {amount} kWh an hour"),
        ("kWh", "day"): N_("More than {amount} kWh a day"),
        ("kWh", "month"): N_("More than {amount} kWh a month"),
        ("cost", "hour"): N_("More than {amount} an hour"),
        ("cost", "day"): N_("More than {amount} a day"),
        ("cost", "month"): N_("More than {amount} a month"),
    }["kW" if rule.unit == "kW" else (rule.unit, rule.per)]


_ALL: tuple[EventKind, ...] = (
    EventKind(
        name="spike",
        type="spike",
        label=N_("Spike"),
        sentences={(): N_("{device} used {actual} kWh {when}.")},
        against="usual",
        why=N_(
            "Usual is what it used at these hours of similar days in the weeks before; it seldom strays so "
            "far from that."
        ),
        advice=N_("What ran then and usually does not: a timer overridden, a door open."),
    ),
    EventKind(
        name="habit",
        type="spike",
        label=N_("New habit"),
        sentences={
            (): N_(
                "{device} has used more at the same hours again and again since {since}, at first between "
                "{from_time} and {to_time}, {each} kWh each time: a new habit?"
            )
        },
        against="usual",
        why=N_(
            "It was far above what was usual at these hours several times, no more than a week or so apart. "
            "As long as it goes on, it is not told again."
        ),
        advice=N_("What runs since then, and whether it is meant to. Say that it is normal if it is."),
    ),
    EventKind(
        name="outage",
        type="anomaly",
        label=N_("Outage"),
        sentences={(): N_("{device} used next to nothing ({actual} kWh) {when}.")},
        against="usual",
        why=N_("In the weeks before it hardly ever stood still at these hours."),
        advice=N_("Whether it was switched off or tripped, or only the meter was silent."),
    ),
    EventKind(
        name="stuck",
        type="anomaly",
        label=N_("Stuck value"),
        sentences={
            (): N_("{device} reported one and the same value {when}, {actual} kWh in all. Check the meter.")
        },
        against="usual",
        why=N_("What is really used differs at least a little from one reading to the next."),
        advice=N_("The meter and its connection; do not trust what it said then."),
    ),
    EventKind(
        name="shift",
        type="anomaly",
        label=N_("Lasting change"),
        sentences={(): N_("{device} used {actual} kWh {when}.")},
        against="usual",
        why=N_("Day after day it was far from its weeks before, and the other devices did not go along."),
        advice=N_("What has changed since: a schedule, a setpoint, new equipment, a fault."),
        advice_if_less=N_("What does not run any more, and whether it should."),
    ),
    EventKind(
        name="bill",
        type="anomaly",
        label=N_("Unusual reading"),
        sentences={(): N_("{device} used {actual} kWh {when}.")},
        against="usual",
        why=N_("Usual is what it used at this time of earlier years, or else in the weeks before."),
        advice=N_("Whether it was read or estimated, and what has changed since the reading before."),
    ),
    EventKind(
        name="silent",
        type="anomaly",
        label=N_("Silent meter"),
        sentences={
            (True,): N_("{device} has sent no readings since {last}, while other meters went on."),
            (False,): N_("{device} sent no readings {when}."),
        },
        chosen_by=("lasts",),
        why=N_("It is silent for longer than lies between two of its readings."),
        advice=N_(
            "The meter, its connection, and whether its file was imported; set it to inactive if it was "
            "meant to end."
        ),
        told_after=timedelta(hours=1),
    ),
    EventKind(
        name="demand",
        type="threshold",
        label=N_("Above its rating"),
        sentences={
            (): N_("{device} drew {demand} kW on average {when}; it is rated at {rated} kW."),
        },
        severe_from=(1.2, 1.5),
        why=N_("It is held against the rated power that is entered for the device."),
        advice=N_("The device, and whether its rated power is entered rightly."),
    ),
    EventKind(
        name="day",
        type="threshold",
        label=N_("Above its usual hours"),
        sentences={
            (): N_(
                "{device} used {actual} kWh {when}; at {rated} kW for {hours} hours a day it would be "
                "{expected} kWh."
            ),
        },
        severe_from=(2.0, 3.0),
        why=N_("It is held against rated power times hours a day, as entered for the device."),
        advice=N_("Whether it ran longer than meant, or its hours are entered wrongly."),
    ),
    RuleKind(
        name="limit",
        type="threshold",
        label=N_("Limit"),
        choice=N_("More than a limit"),
        sentences={
            ("kWh", "hour"): N_(
                "{device} used up to {measured} kWh an hour {when}; {allowed} kWh is allowed."
            ),
            ("kWh", "day"): N_("{device} used up to {measured} kWh a day {when}; {allowed} kWh is allowed."),
            ("kWh", "month"): N_("{device} used {measured} kWh {when}; {allowed} kWh a month is allowed."),
            ("kW", "interval"): N_("{device} drew up to {measured} kW {when}; {allowed} kW is allowed."),
            ("cost", "hour"): N_(
                "{device} cost up to {measured_cost} an hour {when}; {allowed_cost} is allowed."
            ),
            ("cost", "day"): N_(
                "{device} cost up to {measured_cost} a day {when}; {allowed_cost} is allowed."
            ),
            ("cost", "month"): N_("{device} cost {measured_cost} {when}; {allowed_cost} a month is allowed."),
        },
        chosen_by=("unit", "per"),
        find=find_over_limit,
        text=_limit_text,
        fields=frozenset({"unit"}),
        hint=N_("The devices of a category, or of the facility, are added up."),
        check=_check_tariff,
    ),
    RuleKind(
        name="outside_hours",
        type="threshold",
        label=N_("Outside working hours"),
        choice=N_("Use outside working hours"),
        sentences={
            (): N_("{device} used {actual} kWh outside working hours, {when}; {expected} kWh is allowed."),
        },
        advice=N_("What was left on when everybody went home."),
        find=find_over_limit,
        text=lambda _rule: N_("More than {amount} kWh an hour outside {days}, {start} to {end}"),
        fields=frozenset({"hours"}),
        amount_unit=N_("kWh an hour"),
        hint=N_(
            "Hours in a row in which more is used are one alert. Nobody works on public holidays, once the "
            "facility's country is set."
        ),
        check=_check_hours,
    ),
    RuleKind(
        name="budget",
        type="threshold",
        label=N_("Budget"),
        choice=N_("The monthly budget"),
        sentences={
            (True, False): N_(
                "{device} will pass the budget of {expected} kWh on {passed}, at {actual} kWh for the "
                "month, if it goes on as usual."
            ),
            (False, False): N_(
                "{device} passed the budget of {expected} kWh on {passed}; the month will come to "
                "{actual} kWh if it goes on as usual."
            ),
            (False, True): N_(
                "{device} passed the budget of {expected} kWh on {passed}; the month came to {actual} kWh."
            ),
        },
        chosen_by=("foreseen", "complete"),
        foreseen_label=N_("The month, as foreseen"),
        is_priced=False,
        find=find_over_budget,
        text=lambda rule: (
            N_("A month passes the facility's budget, or will pass it")
            if rule.limit is None
            else N_("A month passes {amount} kWh, or will pass it")
        ),
        amount_unit=N_("kWh a month"),
        hint=N_(
            "Told as soon as the month so far, and the rest of it as forecast, would come to more. Left "
            "empty, the budget is that of the facility."
        ),
        if_empty=N_("the facility's"),
        check=_check_budget,
    ),
    RuleKind(
        name="no_data",
        type="anomaly",
        label=N_("No readings"),
        choice=N_("No readings"),
        sentences={(): N_("{device} has sent no readings since {last}: for {days} days.")},
        advice=N_("The meter, its connection, and whether its file was imported."),
        find=find_missing_data,
        text=lambda _rule: N_("No readings for {amount} days"),
        amount_unit=N_("days"),
        is_count=True,
        hint=N_("For each active device that has sent something before."),
        least=1.0,
        too_little=N_("Enter after how many days without readings you want to know: 1 or more."),
        each_device=True,
    ),
)

OTHER_DIRECTIONS: dict[tuple[str, str], str] = {
    (N_("{device} used {actual} kWh {when}."), "generation"): N_("{device} generated {actual} kWh {when}."),
    (N_("{device} used {actual} kWh {when}."), "export"): N_("{device} exported {actual} kWh {when}."),
    (N_("{device} used next to nothing ({actual} kWh) {when}."), "generation"): N_(
        "{device} generated next to nothing ({actual} kWh) {when}."
    ),
    (N_("{device} used next to nothing ({actual} kWh) {when}."), "export"): N_(
        "{device} exported next to nothing ({actual} kWh) {when}."
    ),
}
"""What stands for a sentence about a meter that does not count consumption, by it and the direction."""

KINDS: dict[str, EventKind] = {kind.name: kind for kind in _ALL}
"""By name, in the order in which lists offer them."""


def rule_kinds() -> dict[str, RuleKind]:
    """Return the kinds that a rule can be of, by name."""
    return {name: kind for name, kind in KINDS.items() if isinstance(kind, RuleKind)}
