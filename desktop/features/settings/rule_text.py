"""Alert rules in words, and what the form of each kind asks for, from the registry of kinds."""

from dataclasses import dataclass

from desktop.features.settings.tariff_text import hour, weekdays
from desktop.framework.formatting import money, number, rounded
from services.alerts import PERIODS, Rule, rule_kinds
from services.messages import gettext


@dataclass(frozen=True)
class RuleForm:
    """What the dialog asks for, of one kind of rule."""

    has_unit: bool
    has_hours: bool
    amount_unit: str
    hint: str
    if_empty: str
    """What an empty amount stands for; empty where one is needed."""


def rule_text(rule: Rule, currency: str) -> str:
    """Return what a rule is about."""
    kind = rule_kinds()[rule.kind]
    amount = rounded(rule.limit or 0)
    if "unit" in kind.fields and rule.unit == "cost":
        amount = money(rule.limit, currency)
    elif kind.is_count:
        amount = number(rule.limit)
    message = kind.text(rule)
    return gettext(
        message,
        amount=amount,
        days=weekdays(rule.weekdays) or gettext("no day"),
        start=hour(rule.from_hour),
        end=hour(rule.to_hour),
    )


def kind_choices() -> list[tuple[str, str | None]]:
    """Return (text, name) of every kind of rule."""
    return [(gettext(kind.choice), name) for name, kind in rule_kinds().items()]


def unit_choices(currency: str) -> list[tuple[str, str | None]]:
    """Return (text, "unit per") of every way to measure a limit."""
    texts = {
        "hour": lambda unit: gettext("{unit} an hour", unit=unit),
        "day": lambda unit: gettext("{unit} a day", unit=unit),
        "month": lambda unit: gettext("{unit} a month", unit=unit),
    }
    choices: list[tuple[str, str | None]] = [(gettext("kW at any time"), "kW hour")]
    for unit, text in (("kWh", "kWh"), ("cost", currency)):
        choices += [(texts[per](text), f"{unit} {per}") for per in PERIODS]
    return choices


def form_of(name: str) -> RuleForm:
    """Return what a kind of rule asks for."""
    kind = rule_kinds()[name]
    return RuleForm(
        "unit" in kind.fields,
        "hours" in kind.fields,
        gettext(kind.amount_unit) if kind.amount_unit else "",
        gettext(kind.hint) if kind.hint else "",
        gettext(kind.if_empty) if kind.if_empty else "",
    )
