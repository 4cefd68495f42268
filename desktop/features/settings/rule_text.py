"""Alert rules in words."""

from PySide6.QtCore import QCoreApplication

from desktop.features.settings.tariff_text import hour, weekdays
from desktop.framework.formatting import money, number, rounded
from services.alerts import Rule

translate = QCoreApplication.translate


def rule_in_words(rule: Rule, currency: str) -> str:
    """What it wants to be told of."""
    if rule.kind == "no_data":
        return translate("rules", "No readings for {days} days").format(days=number(rule.limit))
    if rule.kind == "budget":
        if rule.limit is None:
            return translate("rules", "A month passes the facility's budget, or will pass it")
        return translate("rules", "A month passes {kwh} kWh, or will pass it").format(kwh=rounded(rule.limit))
    if rule.kind == "outside_hours":
        return translate("rules", "More than {kwh} kWh an hour outside {days}, {start} to {end}").format(
            kwh=rounded(rule.limit or 0),
            days=weekdays(rule.weekdays) or translate("rules", "no day"),
            start=hour(rule.from_hour),
            end=hour(rule.to_hour),
        )
    if rule.unit == "kW":
        return translate("rules", "More than {kw} kW").format(kw=rounded(rule.limit or 0))
    amount = money(rule.limit, currency) if rule.unit == "cost" else f"{rounded(rule.limit or 0)} kWh"
    templates = {
        "hour": translate("rules", "More than {amount} an hour"),
        "day": translate("rules", "More than {amount} a day"),
        "month": translate("rules", "More than {amount} a month"),
    }
    return templates[rule.per].format(amount=amount)


def kinds() -> list[tuple[str, str | None]]:
    """(text, value) of every kind of rule."""
    return [
        (translate("rules", "More than a limit"), "limit"),
        (translate("rules", "Use outside working hours"), "outside_hours"),
        (translate("rules", "The monthly budget"), "budget"),
        (translate("rules", "No readings"), "no_data"),
    ]


def units(currency: str) -> list[tuple[str, str | None]]:
    """(text, "unit per") of every way to measure a limit."""
    templates = {
        "hour": translate("rules", "{unit} an hour"),
        "day": translate("rules", "{unit} a day"),
        "month": translate("rules", "{unit} a month"),
    }
    choices: list[tuple[str, str | None]] = [(translate("rules", "kW at any time"), "kW hour")]
    for unit, text in (("kWh", "kWh"), ("cost", currency)):
        choices += [(said.format(unit=text), f"{unit} {per}") for per, said in templates.items()]
    return choices
