"""Periods in which more was used, drawn or spent than a rule allows."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.holidays import is_holiday
from services.alerts.country import country_of
from services.alerts.event import Event
from services.alerts.rule import Rule
from services.facility import Facility, prices
from services.readings.load import Demand
from services.scope import Document, Scope

HOUR = 3600
LENGTHS = {"hour": HOUR, "day": 24 * HOUR, "month": 28 * 24 * HOUR}
NEAR = 3
"""Hours from one above the limit to the next that belongs to the same event."""
SLACK = 1 + 1e-9
"""A sum of readings may be off by its last digit."""

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


def limit_events(
    scope: Scope, rule: Rule, demand: Demand, facility: Facility, facts: Document
) -> Iterator[Event]:
    """An event for each run of periods above the limit, for each month alone; hours that are near each
    other are one, with those between them.

    Nothing where the readings are longer than the period, and about costs nothing without a tariff.
    """
    unit, per = _unit(rule), _per(rule)
    outside = rule.kind == "outside_hours"
    steps = np.flatnonzero(_outside(rule, demand, country_of(facility))) if outside else _all(demand)
    if not len(steps) or demand.step > LENGTHS.get(per, demand.step):
        return
    if unit == "cost":
        if facility.tariff is None:
            return
        facts = {**facts, "currency": facility.currency}
    keys = _numbers(per, demand)[steps]
    begins = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    ends = np.append(begins[1:], len(steps))
    totals = np.add.reduceat(_measured(unit, demand, facility)[steps], begins)
    over = np.flatnonzero(totals > (rule.limit or 0) * SLACK)
    near = {"day": 1, "month": 0}.get(per, NEAR * HOUR // (HOUR if per == "hour" else demand.step))
    for run in _runs(over, keys[begins], max(near, per != "month")):
        first, last = run[0], run[-1] + 1
        within = steps[begins[first] : ends[last - 1]]
        yield Event(
            rule.device_id,
            rule.kind,
            rule.severity,
            _moment(scope, demand, int(within[0])),
            _moment(scope, demand, int(within[-1]) + 1),
            _allowed_energy(rule, demand, int(last - first)),
            float(demand.kwh[within].sum()),
            rule.id,
            {
                **facts,
                "unit": unit,
                "per": per,
                "allowed": float(rule.limit or 0),
                "measured": float(totals[run].max()),
            },
        )


def _unit(rule: Rule) -> str:
    return "kWh" if rule.kind == "outside_hours" else rule.unit


def _per(rule: Rule) -> str:
    if rule.kind == "outside_hours":
        return "hour"
    return "interval" if rule.unit == "kW" else rule.per


def _all(demand: Demand) -> Positions:
    return np.arange(len(demand.kwh))


def _measured(unit: str, demand: Demand, facility: Facility) -> Numbers:
    """What each step adds to its period, in the rule's unit."""
    if unit == "kW":
        return demand.kwh / demand.hours
    if unit == "cost" and facility.tariff is not None:
        spent: Numbers = demand.kwh * prices(facility.tariff, pd.DatetimeIndex(demand.clock.local))
        return spent
    return demand.kwh


def _allowed_energy(rule: Rule, demand: Demand, periods: int) -> float | None:
    """kWh that the rule allows in so many periods; of a cost there is no telling."""
    if rule.kind == "limit" and rule.unit == "cost":
        return None
    hours = demand.hours if _per(rule) == "interval" else 1.0
    return (rule.limit or 0.0) * hours * periods


def _numbers(per: str, demand: Demand) -> npt.NDArray[np.int64]:
    """The number of the period that each step lies in."""
    if per == "day":
        return demand.clock.day.astype("int64")
    if per == "month":
        return demand.clock.local.astype("datetime64[M]").astype("int64")
    # Not by the facility's clock: of the hour that it repeats in autumn there are two.
    instants = demand.begin + demand.step * np.arange(len(demand.kwh), dtype="int64")
    return instants // (HOUR if per == "hour" else demand.step)


def _outside(rule: Rule, demand: Demand, country: str | None) -> npt.NDArray[np.bool_]:
    """Nobody works on the public holidays of the country, whatever weekday they are."""
    days = pd.DatetimeIndex(demand.clock.local)
    working = (demand.clock.hour >= rule.from_hour) & (demand.clock.hour < rule.to_hour)
    workday = np.isin(np.asarray(days.day_of_week), list(rule.weekdays)) & ~is_holiday(days, country)
    return ~(working & workday)


def _runs(over: Positions, keys: npt.NDArray[np.int64], near: int) -> list[Positions]:
    """The periods in ``over`` that are at most so many numbers apart; each one alone for 0."""
    if not len(over):
        return []
    gap = np.diff(keys[over]) > near
    return np.split(over, np.flatnonzero(gap) + 1)


def _moment(scope: Scope, demand: Demand, step: int) -> datetime:
    return datetime.fromtimestamp(demand.begin + step * demand.step, ZoneInfo(scope.timezone))
