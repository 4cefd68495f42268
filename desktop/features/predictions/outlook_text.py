"""What is to come, and how far it can be trusted, in a row of figures."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.features.predictions.model import Expectation
from desktop.framework.formatting import kwh, money, number, percent, period, rounded
from services.forecasts import Outlook, Prediction

translate = QCoreApplication.translate

Figure = tuple[str, str, str]
"""(name, figure as the locale writes it, what it means)."""


def outlook_figures(outlook: Outlook, kind: str, shown: Sequence[Expectation]) -> list[Figure]:
    """From left to right; by ``shown``, the periods below, which are of this kind, the last is reckoned."""
    figures: list[Figure] = []
    if outlook.week is not None:
        meaning = translate("predictions", "What the seven days after the last reading will come to.")
        figures.append((translate("predictions", "kWh, next 7 days"), rounded(outlook.week), meaning))
    figures += [_month(month) for month in outlook.months]
    if outlook.months:
        figures += _of_last_month(outlook, outlook.months[-1])
    if (off := off_by(shown)) is not None:
        meaning = translate(
            "predictions",
            "What was foretold wrongly of what is shown: in {count} past periods, each foretold just before "
            "it began by a model that had not seen it.",
        ).format(count=number(len(_known(shown))))
        figures.append((_how_far_ahead(kind), percent(off, 1), meaning))
    return figures


def _how_far_ahead(kind: str) -> str:
    names = {
        "daily": translate("predictions", "Off by, a day ahead"),
        "weekly": translate("predictions", "Off by, a week ahead"),
        "monthly": translate("predictions", "Off by, a month ahead"),
    }
    return names.get(kind, "")


def off_by(shown: Sequence[Expectation]) -> float | None:
    """What was foretold wrongly in the periods held out, as a share of what was used in them."""
    used = sum(abs(actual) for _, actual in _known(shown))
    return sum(abs(actual - said) for said, actual in _known(shown)) / used if used else None


def _known(shown: Sequence[Expectation]) -> list[tuple[float, float]]:
    """What was foretold of each period held out, and what came."""
    return [(of.predicted, of.actual) for of in shown if of.held_out and of.actual is not None]


def _month(month: Prediction) -> Figure:
    name = translate("predictions", "kWh, {month}").format(month=period("monthly", month.start))
    if month.lower_80 is None or month.upper_80 is None:
        return name, rounded(month.predicted_value), ""
    meaning = translate("predictions", "4 times in 5 from {lower} to {upper} kWh.").format(
        lower=rounded(month.lower_80), upper=rounded(month.upper_80)
    )
    return name, rounded(month.predicted_value), meaning


def _of_last_month(outlook: Outlook, month: Prediction) -> list[Figure]:
    """What the month to come costs, and what it is held against."""
    figures: list[Figure] = []
    value, name = month.predicted_value, period("monthly", month.start)
    if outlook.price is not None:
        meaning = translate(
            "predictions",
            "{month} at what a kWh cost on average in the last four weeks, without a charge for the peak.",
        ).format(month=name)
        title = translate("predictions", "Cost of {month}").format(month=name)
        figures.append((title, money(value * outlook.price, outlook.currency), meaning))
    if outlook.budget:
        meaning = translate("predictions", "{month} as a share of the monthly budget of {budget}.").format(
            month=name, budget=kwh(outlook.budget)
        )
        figures.append((translate("predictions", "Of the budget"), percent(value / outlook.budget), meaning))
    if outlook.year_before:
        over = value / outlook.year_before - 1
        meaning = translate("predictions", "{month} beside the same month a year before: {energy}.").format(
            month=name, energy=kwh(outlook.year_before)
        )
        sign = "+" if over > 0 else ""
        figures.append((translate("predictions", "On the year before"), f"{sign}{percent(over)}", meaning))
    return figures
