"""What rules find in the readings: one function for each way of looking, which `kinds` names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.holidays import is_holiday
from services import devices
from services.alerts.records import Event, Per, Rule, Unit
from services.devices import Device
from services.facility import Facility, prices
from services.forecasts import daily_forecast
from services.holidays import named_holiday_country
from services.local_times import day_start
from services.readings import Demand, LoadProfile
from services.scope import Document, Scope

HOUR = 3600
LENGTHS = {"hour": HOUR, "day": 24 * HOUR, "month": 28 * 24 * HOUR}
"""Seconds of what a limit is for."""
LONGEST = {"day": 25 * HOUR, "month": 31 * 24 * HOUR + HOUR}
"""Seconds of the longest readings that tell of one."""
NEAR = 3
"""Hours from one above the limit to the next that belongs to the same event."""
SLACK = 1 + 1e-9
"""A sum of readings may be off by its last digit."""
LOOK_BACK = 28
"""Days from which each weekday's usual consumption is taken."""
LEAST_DAYS = 7
WHOLE = 0.99
"""A day with less than this part of its readings tells of no other."""

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Step = Literal["interval"] | Per


@dataclass(frozen=True, eq=False)
class RuleContext:
    """What one rule is held against: the readings of the devices that it is about."""

    scope: Scope
    rule: Rule
    devices: Sequence[Device]
    facility: Facility
    load: LoadProfile
    longest: float = np.inf
    """Seconds: meters with longer readings are left out."""

    @cached_property
    def rows(self) -> Positions:
        """Which rows of the load count in the rule's sums: of one device its own, else as in totals."""
        alone = self.rule.device_id is not None
        counted = (
            [device for device in self.devices if devices.in_kwh(device, self.facility)]
            if alone
            else devices.counted_devices(self.scope, self.devices)
        )
        rows = rows_of(self.load, {device.id for device in counted})
        return rows[self.load.intervals[rows] <= self.longest]

    @cached_property
    def demand(self) -> Demand:
        """The sum of these devices, from when the rule begins to look."""
        days, since = self.load.days.days, self.rule.since
        first = int(np.searchsorted(days, np.datetime64(since))) if since else 0
        return self.load.demand(self.rows).part(slice(first, len(days)))

    def known_by(self, per: Step) -> "RuleContext":
        """Return the same of meters that tell of each day, or month: a bill tells of none of its days."""
        return replace(self, longest=LONGEST.get(per, np.inf))

    @property
    def is_about_everything(self) -> bool:
        """Whether the rule is about the whole facility."""
        return self.rule.device_id is None and self.rule.category_id is None

    def event(
        self, span: tuple[datetime, datetime], expected: float | None, actual: float | None, **facts: Any
    ) -> Event:
        """Return an event of what the rule is about; ``facts`` are what its sentence speaks of."""
        rule = self.rule
        category = self.devices[0].category if rule.category_id else ""
        about: Document = {} if rule.device_id else {"category": category}
        return Event(
            rule.device_id, rule.kind, rule.severity, *span, expected, actual, rule.id, about | facts
        )


def contexts(
    scope: Scope, rules: Sequence[Rule], by_id: Mapping[str, Device], facility: Facility, load: LoadProfile
) -> Iterator[RuleContext]:
    """Yield what each rule is held against, as far as it is enabled and there are readings."""
    for rule in rules:
        chosen = [device for device in by_id.values() if _is_about(rule, device)]
        context = RuleContext(scope, rule, chosen, facility, load)
        if rule.enabled and len(rows_of(load, {device.id for device in chosen})):
            yield context


def rows_of(load: LoadProfile, device_ids: Collection[str]) -> Positions:
    """Return which rows of the load are of these devices, intp[n]."""
    rows = [row for row, (device_id, _) in enumerate(load.meters) if str(device_id) in device_ids]
    return np.array(rows, "intp")


def _is_about(rule: Rule, device: Device) -> bool:
    if rule.device_id:
        return device.id == rule.device_id
    return rule.category_id is None or device.category_id == rule.category_id


# What is above a limit, at any time or outside working hours


def find_over_limit(context: RuleContext, rule: Rule) -> Iterator[Event]:
    """Yield an event for each run of periods above the limit, for each month alone.

    Hours that are near each other are one event, with those between them. Nothing where the readings are
    longer than the period, and about costs nothing without a tariff.
    """
    outside = rule.kind == "outside_hours"
    unit: Unit = "kWh" if outside else rule.unit
    per: Step = "hour" if outside else "interval" if unit == "kW" else rule.per
    context = context.known_by(per)
    demand, facility = context.demand, context.facility
    steps = np.arange(len(demand.kwh))
    if outside:
        steps = steps[_is_outside_hours(rule, demand, named_holiday_country(facility))]
    if not len(context.rows) or not len(steps) or demand.step > LENGTHS.get(per, demand.step):
        return
    if unit == "cost" and facility.tariff is None:
        return
    currency = {"currency": facility.currency} if unit == "cost" else {}
    keys = _period_numbers(per, demand)[steps]
    begins = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    ends = np.append(begins[1:], len(steps))
    energy = demand.energy if per in ("day", "month") else demand.kwh
    totals = np.add.reduceat(_measure(unit, energy, demand, facility)[steps], begins)
    over = np.flatnonzero(totals > (rule.limit or 0) * SLACK)
    near = {"day": 1, "month": 0}.get(per, NEAR * HOUR // (HOUR if per == "hour" else demand.step))
    for run in _runs(over, keys[begins], max(near, per != "month")):
        first, last = run[0], run[-1] + 1
        within = steps[begins[first] : ends[last - 1]]
        hours = demand.hours if per == "interval" else 1.0
        yield context.event(
            (_moment(context, int(within[0])), _moment(context, int(within[-1]) + 1)),
            None if unit == "cost" else (rule.limit or 0.0) * hours * int(last - first),
            float(energy[within].sum()),
            **currency,
            unit=unit,
            per=per,
            allowed=float(rule.limit or 0),
            measured=float(totals[run].max()),
        )


def _measure(unit: Unit, kwh: Numbers, demand: Demand, facility: Facility) -> Numbers:
    """Return what each step adds to its period, in the rule's unit, float64[n]."""
    if unit == "kW":
        return kwh / demand.hours
    if unit == "cost" and facility.tariff is not None:
        spent: Numbers = kwh * prices(facility.tariff, pd.DatetimeIndex(demand.clock.local))
        return spent
    return kwh


def _period_numbers(per: Step, demand: Demand) -> npt.NDArray[np.int64]:
    """Return the number of the period that each step lies in, int64[n]."""
    if per == "day":
        return demand.clock.day.astype("int64")
    if per == "month":
        return demand.clock.local.astype("datetime64[M]").astype("int64")
    # Not by the facility's clock: of the hour that it repeats in autumn there are two.
    instants = demand.begin + demand.step * np.arange(len(demand.kwh), dtype="int64")
    return instants // (HOUR if per == "hour" else demand.step)


def _is_outside_hours(rule: Rule, demand: Demand, country: str | None) -> npt.NDArray[np.bool_]:
    """Nobody works on the public holidays of the country, whatever weekday they are."""
    days = pd.DatetimeIndex(demand.clock.local)
    working = (demand.clock.hour >= rule.from_hour) & (demand.clock.hour < rule.to_hour)
    workday = np.isin(np.asarray(days.day_of_week), list(rule.weekdays)) & ~is_holiday(days, country)
    return ~(working & workday)


def _runs(over: Positions, keys: npt.NDArray[np.int64], near: int) -> list[Positions]:
    """Split the periods in ``over`` where they are more than so many numbers apart; everywhere for 0."""
    if not len(over):
        return []
    gap = np.diff(keys[over]) > near
    return np.split(over, np.flatnonzero(gap) + 1)


def _moment(context: RuleContext, step: int) -> datetime:
    demand = context.demand
    return datetime.fromtimestamp(demand.begin + step * demand.step, ZoneInfo(context.scope.timezone))


# Months above their budget


def find_over_budget(context: RuleContext, rule: Rule) -> Iterator[Event]:
    """Yield an event for each month above its budget; the last one counts as it will probably end.

    That is as forecast or, without a forecast, as usual.
    """
    demand, budget = context.demand, rule.limit or context.facility.monthly_budget
    if budget is None or not len(context.rows) or not len(demand.kwh):
        return
    days = _daily(demand)
    months = pd.DatetimeIndex(days.index).to_period("M")
    for month in months.unique():
        measured = days[months == month]
        is_last = measured.index[-1] == days.index[-1]
        expected = _rest_of_month(context, days) if is_last else days.iloc[:0]
        course = pd.concat([measured, expected]).cumsum()
        if course.iloc[-1] <= budget:
            continue
        passed = course.index[int((course > budget).to_numpy().argmax())].date()
        first, last = month.start_time.date(), month.end_time.date()
        zone = context.scope.timezone
        yield context.event(
            (day_start(first, zone), day_start(last + timedelta(days=1), zone)),
            float(budget),
            float(course.iloc[-1]),
            passed=passed.isoformat(),
            foreseen=bool(passed > measured.index[-1].date()),
            complete=not len(expected),
            soFar=float(measured.sum()),
        )


def _daily(demand: Demand) -> "pd.Series[float]":
    """Return kWh by local day, each from the first to the last with a reading."""
    read = np.flatnonzero(demand.read)
    upto = read[-1] + 1 if len(read) else 0
    days = demand.clock.local[:upto].astype("datetime64[D]").astype("datetime64[s]")
    return pd.Series(demand.energy[:upto]).groupby(pd.DatetimeIndex(days)).sum()


def _rest_of_month(context: RuleContext, days: "pd.Series[float]") -> "pd.Series[float]":
    """Return the days of the month after the last one: as forecast, else like their weekdays before."""
    last = pd.Timestamp(days.index[-1])
    to_come = pd.date_range(last + pd.Timedelta(days=1), last.to_period("M").end_time.normalize())
    device_ids = None if context.is_about_everything else [device.id for device in context.devices]
    found = daily_forecast(context.scope, device_ids).set_index("date")["consumption"].reindex(to_come)
    coverage = _coverage(context, days)
    rest = _like_weekdays(days[coverage >= WHOLE], to_come) if found.isna().any() else found
    # What the last day lacks, as its weekday usually is.
    today = _like_weekdays(days[coverage >= WHOLE], pd.DatetimeIndex([last])) * (1 - coverage.iloc[-1])
    expected: pd.Series[float] = pd.concat([today[today > 0], rest])
    return expected


def _coverage(context: RuleContext, days: "pd.Series[float]") -> "pd.Series[float]":
    """Return which part of each of these days readings cover, beside the best one of the last weeks."""
    load = context.load
    read = pd.Series(load.days.covered[context.rows].sum(axis=0) / load.day_lengths)
    read.index = pd.DatetimeIndex(load.days.days.astype("datetime64[s]"))
    covered = read.reindex(days.index)
    parts: pd.Series[float] = (covered / covered.iloc[-LOOK_BACK:].max()).clip(upper=1.0)
    return parts


def _like_weekdays(days: "pd.Series[float]", wanted: pd.DatetimeIndex) -> "pd.Series[float]":
    """Return what such weekdays took in the last weeks; nothing where these have too few days."""
    past = days.iloc[-LOOK_BACK:]
    if len(past) < LEAST_DAYS:
        return days.iloc[:0]
    usual = past.groupby(pd.DatetimeIndex(past.index).day_of_week).mean()
    return pd.Series(usual.reindex(wanted.day_of_week).to_numpy(), index=wanted)


# Devices that send nothing any more


def find_missing_data(context: RuleContext, rule: Rule) -> Iterator[Event]:
    """Yield an event for each active device that sent nothing for as many whole days as the rule says.

    They are counted until today; a device that never sent anything is left alone.
    """
    load, zone = context.load, ZoneInfo(context.scope.timezone)
    today = datetime.now(zone).date()
    read = np.zeros((len(context.devices), len(load.days.days)), "bool")
    place = {device.id: number for number, device in enumerate(context.devices)}
    for row, (device_id, _) in enumerate(load.meters):
        if str(device_id) in place:
            read[place[str(device_id)]] |= load.days.covered[row] > 0
    for device, days in zip(context.devices, read, strict=True):
        if device.status != "active" or not days.any():
            continue
        last = load.days.days[np.flatnonzero(days)[-1]].item()
        missing = (today - last).days - 1
        if missing >= (rule.limit or 0):
            yield Event(
                device.id,
                rule.kind,
                rule.severity,
                day_start(last + timedelta(days=1), zone),
                day_start(today, zone),
                None,
                None,
                rule.id,
                {"days": missing, "last": last.isoformat()},
            )
