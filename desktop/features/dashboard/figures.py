"""The dashboard's figures in words, and how each compares."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import (
    carbon,
    days_in_words,
    kw,
    kwh,
    moment,
    money,
    number,
    percent,
    period,
    rounded,
)
from services.dashboard import (
    Basis,
    Figure,
    Figures,
    Overview,
    basis_text,
    coverage_text,
    is_complete,
    period_text,
)
from services.facility import Facility

translate = QCoreApplication.translate
SAME = 0.005
"""A change below half a per cent reads as none."""
Direction = Literal["up", "down", "same"]
Change = tuple[Direction, str]
"""How a figure changed, and the same in words."""


class Comparisons:
    """With the period just before, and with that of a year before, as the figures' bases say."""

    def __init__(self, figures: Figures) -> None:
        before = figures.before
        self._rows = (
            (before, _period_before(period_text(before.other)) if before else {}),
            (figures.year_before, _year_before()),
        )

    def of(self, figure: Figure) -> tuple[Change, ...]:
        """Say how a figure changed, and on what that rests, as far as both have the same readings."""
        pairs = zip((figure.before, figure.year_before), self._rows, strict=True)
        return tuple(
            _resting_on(change(compared.now, compared.then, sentences), basis)
            for compared, (basis, sentences) in pairs
            if compared is not None and compared.then
        )


def _resting_on(changed: Change, basis: Basis | None) -> Change:
    direction, words = changed
    rests_on = basis_text(basis)
    template = translate("dashboard", "{change} ({basis})")
    return direction, template.format(change=words, basis=rests_on) if rests_on else words


def change(value: float, other: float, sentences: dict[Direction, str]) -> Change:
    """Say how a value differs from the ``other``, not 0, by the sentence of its direction."""
    more = value / other - 1
    direction: Direction = "same" if abs(more) < SAME else "up" if more > 0 else "down"
    share = percent(abs(more), 0 if abs(more) >= 0.1 else 1)
    return direction, sentences[direction].replace("{share}", share)


def _year_before() -> dict[Direction, str]:
    return {
        "same": translate("dashboard", "as in last year"),
        "up": translate("dashboard", "{share} up on last year"),
        "down": translate("dashboard", "{share} down on last year"),
    }


def _period_before(period: str) -> dict[Direction, str]:
    sentences: dict[Direction, str] = {
        "same": translate("dashboard", "as in {period}"),
        "up": translate("dashboard", "{share} up on {period}"),
        "down": translate("dashboard", "{share} down on {period}"),
    }
    return {direction: text.replace("{period}", period) for direction, text in sentences.items()}


@dataclass(frozen=True)
class FigureText:
    """A figure and what it refers to, in words; ``wanted`` is what the settings lack for it."""

    value: str
    hint: str = ""
    changes: tuple[Change, ...] = ()
    wanted: str = ""


@dataclass(frozen=True)
class FigureTexts:
    total: FigureText
    average: FigureText
    peak: FigureText
    peak_demand: FigureText
    baseload: FigureText
    load_factor: FigureText
    cost: FigureText
    carbon: FigureText
    eui: FigureText
    next_month: FigureText


def figures(
    seen: Overview,
    days: tuple[date, date],
    facility: Facility,
    zone: str,
    last_day: date,
    last_month: float | None,
) -> FigureTexts:
    """Put the figures of the first to the last of ``days`` into words.

    ``last_day`` is the one after which the forecast begins, strays left out; ``last_month`` the kWh of its
    calendar month, None unless it is complete.
    """
    now = seen.figures
    days_read = int(np.isfinite(seen.daily.kwh).sum())
    compared, partly = Comparisons(now).of, coverage_text(now.coverage)
    price = now.cost.value / now.total.value if now.cost.value and now.total.value else None
    return FigureTexts(
        total=FigureText(kwh(now.total.value), _covered(days, now.coverage), compared(now.total)),
        average=FigureText(
            kwh(now.average_day.value), _joined(_counted(days_read), partly), compared(now.average_day)
        ),
        peak=FigureText(
            kwh(now.peak_reading.value),
            _joined(_when(now.peak_reading_at, zone), partly),
            compared(now.peak_reading),
        ),
        peak_demand=FigureText(
            kw(now.peak_demand.value),
            _of_hours(now.peak_demand.value, _joined(_when(now.peak_demand_at, zone), partly)),
            compared(now.peak_demand),
        ),
        baseload=FigureText(
            kw(now.baseload.value),
            _of_hours(now.baseload.value, _joined(translate("dashboard", "what never switches off"), partly)),
            compared(now.baseload),
        ),
        load_factor=FigureText(
            percent(now.load_factor.value),
            _of_hours(now.load_factor.value, _joined(translate("dashboard", "mean ÷ peak demand"), partly)),
            compared(now.load_factor),
        ),
        cost=FigureText(
            money(now.cost.value, facility.currency),
            _joined(
                translate("dashboard", "{price} per kWh").format(price=money(price, facility.currency)),
                partly,
            ),
            compared(now.cost),
        )
        if facility.tariff and seen.is_electricity
        else _of_electricity()
        if facility.tariff
        else _wanting(translate("dashboard", "Set a tariff")),
        carbon=FigureText(
            carbon(now.co2.value),
            _joined(
                translate("dashboard", "at {factor} kg per kWh").format(
                    factor=number(facility.emission_factor, 3)
                ),
                partly,
            ),
            compared(now.co2),
        )
        if facility.emission_factor and seen.is_electricity
        else _of_electricity()
        if facility.emission_factor
        else _wanting(translate("dashboard", "Set an emission factor")),
        eui=FigureText(
            number(None) if now.eui.value is None else f"{rounded(now.eui.value)} kWh/m²",
            _joined(
                translate("dashboard", "annualised, over {area} m²").format(area=number(facility.floor_area)),
                partly,
            ),
            compared(now.eui),
        )
        if facility.floor_area
        else _wanting(translate("dashboard", "Set the floor area")),
        next_month=_next_month(now.next_month, last_day, last_month),
    )


def _wanting(wanted: str) -> FigureText:
    return FigureText(number(None), wanted=wanted)


def _of_hours(value: float | None, hint: str) -> str:
    """Return the hint of a figure that only hourly readings tell; why it is not known where it is not."""
    return hint if value is not None else translate("dashboard", "needs hourly readings of every meter")


def _of_electricity() -> FigureText:
    hint = translate("dashboard", "is known of electricity alone, and other energy is among what is shown")
    return FigureText(number(None), hint)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part and part != number(None))


def _spanned(days: tuple[date, date]) -> str:
    return days_in_words(*days)


def _covered(days: tuple[date, date], coverage: float | None) -> str:
    if coverage is None or is_complete(coverage):
        return _spanned(days)
    return translate("dashboard", "{days}, {share} of it with readings").format(
        days=_spanned(days), share=percent(coverage)
    )


def _counted(days: int) -> str:
    if days == 1:
        return translate("dashboard", "over one day")
    return translate("dashboard", "over {count} days").format(count=number(days))


def _when(at: datetime | None, zone: str) -> str:
    return moment(at, zone) if at else ""


def _next_month(
    predicted: tuple[float, float, float] | None, last_day: date, last_month: float | None
) -> FigureText:
    """Say which month is predicted, within which bounds, and how it compares with the one before."""
    if predicted is None:
        return FigureText(number(None), translate("dashboard", "There are too few readings to predict it."))
    value, lower, upper = predicted
    ahead = last_day.replace(day=1) + timedelta(days=32)
    hint = period("monthly", ahead)
    if not np.isnan(lower):
        template = translate("dashboard", "{month}, most likely between {lower} and {upper}")
        hint = template.format(month=hint, lower=rounded(lower), upper=rounded(upper))
    month_before = _period_before(period("monthly", last_day))
    changes = (change(value, last_month, month_before),) if last_month else ()
    return FigureText(kwh(value), hint, changes)
