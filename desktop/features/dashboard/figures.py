"""The dashboard's figures in words, and how each compares."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.features.dashboard.comparison import Change, Comparison, change
from desktop.framework.formatting import (
    carbon,
    day,
    kw,
    kwh,
    moment,
    money,
    number,
    percent,
    period,
    rounded,
    short_month,
)
from services.dashboard import Overview
from services.facility import Facility

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Figure:
    """A figure and what it refers to, in words; ``wanted`` is what the settings lack for it."""

    value: str
    hint: str = ""
    changes: tuple[Change, ...] = ()
    wanted: str = ""


@dataclass(frozen=True)
class Figures:
    total: Figure
    average: Figure
    peak: Figure
    peak_demand: Figure
    baseload: Figure
    load_factor: Figure
    cost: Figure
    carbon: Figure
    eui: Figure
    next_month: Figure


def figures(
    seen: Overview,
    days: tuple[date, date],
    facility: Facility,
    zone: str,
    last_day: date,
    last_month: float | None,
) -> Figures:
    """Of the first to the last of ``days``; ``last_day`` with readings of all, and ``last_month``, the kWh
    of the calendar month of that day, None unless it is complete."""
    said = seen.figures
    days_read = int(np.isfinite(seen.heat_map.kwh).any(axis=1).sum())
    compared = Comparison((days[1] - days[0]).days + 1)
    price = said.cost.value / said.total.value if said.cost.value and said.total.value else None
    return Figures(
        total=Figure(kwh(said.total.value), _spanned(days), compared.of(said.total)),
        average=Figure(kwh(said.average_day.value), _counted(days_read), compared.of(said.average_day)),
        peak=Figure(
            kwh(said.peak_reading.value), _when(said.peak_reading_at, zone), compared.of(said.peak_reading)
        ),
        peak_demand=Figure(
            kw(said.peak_demand.value), _when(said.peak_demand_at, zone), compared.of(said.peak_demand)
        ),
        baseload=Figure(
            kw(said.baseload.value),
            translate("dashboard", "what never switches off"),
            compared.of(said.baseload),
        ),
        load_factor=Figure(
            percent(said.load_factor.value),
            translate("dashboard", "mean ÷ peak demand"),
            compared.of(said.load_factor),
        ),
        cost=Figure(
            money(said.cost.value, facility.currency),
            translate("dashboard", "{price} per kWh").format(price=money(price, facility.currency)),
            compared.of(said.cost),
        )
        if facility.tariff
        else _wanting(translate("dashboard", "Set a tariff")),
        carbon=Figure(
            carbon(said.co2.value),
            translate("dashboard", "at {factor} kg per kWh").format(
                factor=number(facility.emission_factor, 3)
            ),
            compared.of(said.co2),
        )
        if facility.emission_factor
        else _wanting(translate("dashboard", "Set an emission factor")),
        eui=Figure(
            number(None) if said.eui.value is None else f"{rounded(said.eui.value)} kWh/m²",
            translate("dashboard", "a year, over {area} m²").format(area=number(facility.floor_area)),
            compared.of(said.eui),
        )
        if facility.floor_area
        else _wanting(translate("dashboard", "Set the floor area")),
        next_month=_next_month(said.next_month, last_day, last_month),
    )


def _wanting(wanted: str) -> Figure:
    return Figure(number(None), wanted=wanted)


def _spanned(days: tuple[date, date]) -> str:
    first, last = days
    if first == last:
        return day(first)
    return translate("dashboard", "{first} to {last}").format(first=day(first), last=day(last))


def _counted(days: int) -> str:
    if days == 1:
        return translate("dashboard", "over one day")
    return translate("dashboard", "over {count} days").format(count=number(days))


def _when(at: datetime | None, zone: str) -> str:
    return moment(at, zone) if at else ""


def _next_month(
    predicted: tuple[float, float, float] | None, last_day: date, last_month: float | None
) -> Figure:
    """The month that is predicted, within which bounds, and how it compares with the one before it."""
    if predicted is None:
        return Figure(number(None), translate("dashboard", "There are too few readings to predict it."))
    value, lower, upper = predicted
    ahead = last_day.replace(day=1) + timedelta(days=32)
    hint = period("monthly", ahead)
    if not np.isnan(lower):
        template = translate("dashboard", "{month}: {lower} to {upper}")
        hint = template.format(month=short_month(ahead), lower=rounded(lower), upper=rounded(upper))
    changes = (change(value, last_month, period("monthly", last_day)),) if last_month else ()
    return Figure(kwh(value), hint, changes)
