"""Find readings that a meter's own past does not lead one to expect, and the events they make up."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ints
from ml.detection import bills
from ml.detection import watched as watching
from ml.detection.grid import DAY, ByDay, Grid, Meters, Runs, grids, sort_readings
from ml.detection.habits import split_habits
from ml.detection.level_shift import LONGEST, common_level, find_level_shifts
from ml.detection.outages import find_outages, find_stuck
from ml.detection.profile import Profile, ends, expect_without, profile, profile_anew
from ml.detection.spikes import find_spikes
from ml.detection.user_feedback import drop_accepted
from ml.holidays import is_holiday

LEAST = 0.5
"""An event about fewer kWh concerns nobody."""
SEVERE, NOTABLE = 0.5, 0.2
"""Energy too much or too little, in usual days of the meter, that makes an event high or medium."""
COLUMNS = ["device", "date", "end", "consumption", "expected", "kind", "severity", "event"]


def find(
    readings: pd.DataFrame,
    normal: pd.DataFrame | None = None,
    country: str | None = None,
    others: pd.DataFrame | None = None,
    between: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Find the anomalous readings among interval data of any number of meters.

    ``readings`` has columns device, date (start of interval, local, aware) and consumption (kWh), each
    device and date once. The result has a row for each anomalous reading, by device and date: device,
    date, end (of the interval), consumption, expected (kWh), kind (spike, habit, outage, stuck, shift or
    bill), severity (low, medium or high; that of its event) and event (a number that its readings share).
    `watched.reason` says of which meters nothing is found. Only earlier readings speak about a reading. A
    meter that counts below zero is looked at as if it counted above.
    What most meters do alike, as the weather moves them, is no shift of one of them: give the meters of a
    facility together, or the daily readings of ``others`` beside them (in the same columns).
    ``normal`` are events that a person has said are normal: device, start, end (aware) and kind. Later ones
    like them are not found again, see `ml.accepted`; they themselves are. On public holidays of ``country``
    (ISO 3166) a meter is expected to do as on Sundays; raises `holidays.CountryUnknown`.
    ``between`` is called every few tenths of a second; what it raises ends the search.
    """
    meters = sort_readings(readings)
    watched, signs = _watched(meters)
    counted = readings if (signs > 0).all() else _turned(readings, meters, signs)
    meters = replace(meters, kwh=meters.kwh * np.repeat(signs, np.diff(meters.bounds)))
    long = bills.is_long(meters.intervals[watched])
    parts = [_search_bills(meters, meter) for meter in watched[long]]
    watched = watched[~long]
    holidays = _holidays(meters, country)
    beside = sort_readings(readings.iloc[:0] if others is None else others)
    others_watched = _watched(beside)[0]
    common = common_level([(meters, watched), (beside, others_watched)], holidays)
    for part, grid in grids(meters, watched):
        between()
        parts.append(_search(meters, part, grid, holidays, common))
    rows = pd.concat(parts, ignore_index=True) if parts else _nothing()
    rows["date"] = readings["date"].iloc[rows.pop("row").to_numpy("int64")].array
    rows["end"] = _ends(rows["date"], rows.pop("interval"))
    found = _rate_severity(rows.sort_values(["device", "date"], ignore_index=True))
    if normal is not None and len(normal):
        found = drop_accepted(found, normal, counted)
    found["event"] = found.groupby(["device", "event"], sort=False).ngroup()
    turned = found["device"].isin(meters.names[signs < 0])
    return found[COLUMNS].assign(
        **{name: found[name].where(~turned, -found[name]) for name in ("consumption", "expected")}
    )


def events(found: pd.DataFrame) -> pd.DataFrame:
    """Group the rows of `find` by event: one row each, indexed by event.

    Columns: device, kind, severity, start and end (first start and last end of an interval), expected
    and actual (kWh over the anomalous readings), stretches (how many runs of readings it is made of) and
    first_end (when the first of them ends).
    """
    breaks = found["event"].eq(found["event"].shift()) & found["date"].ne(found["end"].shift())
    stretch = breaks.groupby(found["event"]).cumsum()
    return (
        found.assign(stretch=stretch, first=found["end"].where(stretch == 0))
        .groupby("event")
        .agg(
            device=("device", "first"),
            kind=("kind", "first"),
            severity=("severity", "first"),
            start=("date", "min"),
            end=("end", "max"),
            expected=("expected", "sum"),
            actual=("consumption", "sum"),
            stretches=("stretch", lambda of: of.max() + 1),
            first_end=("first", "max"),
        )
    )


def _watched(meters: Meters) -> tuple[Ints, Ints]:
    """Return the numbers of the meters that are watched, and the sign of what each of all counts."""
    begin, end = meters.bounds[:-1], meters.bounds[1:]
    if not len(begin):
        return np.zeros(0, np.int64), np.ones(0, np.int64)
    above, below = (np.add.reduceat(np.maximum(of, 0), begin) for of in (meters.kwh, -meters.kwh))
    spans = meters.local[end - 1] - meters.local[begin]
    why = watching.reasons(meters.intervals, spans, above, below)
    return np.flatnonzero([not each for each in why]), watching.signs(above, below)


def _turned(readings: pd.DataFrame, meters: Meters, signs: Ints) -> pd.DataFrame:
    """Return the readings with those of meters that count below zero above it."""
    below = readings["device"].isin(meters.names[signs < 0])
    return readings.assign(consumption=readings["consumption"].where(~below, -readings["consumption"]))


def _search_bills(meters: Meters, meter: int) -> pd.DataFrame:
    """Return the unusual readings of a meter that is read less than once a day, as `_search` does."""
    of_meter = bills.bills_of(meters, meter)
    event, expected = bills.find_unusual(of_meter)
    (chosen,) = np.nonzero(event)
    places = meters.bounds[meter] + chosen
    return pd.DataFrame(
        {
            "row": meters.rows[places],
            "device": meters.names.take(np.full(len(chosen), meter)),
            "consumption": meters.kwh[places],
            "expected": expected[chosen],
            "kind": "bill",
            "event": event[chosen],
            "interval": of_meter.length[chosen],
            # Weighed by what is usual of a reading, for a day is little of it.
            "usual_day": np.bincount(event, np.nan_to_num(expected))[event[chosen]],
        }
    )


def _holidays(meters: Meters, country: str | None) -> ByDay:
    if not country or len(meters.local) == 0:
        return ByDay(0, np.zeros(0))
    first, last = int(meters.local.min() // DAY), int(meters.local.max() // DAY)
    days = pd.DatetimeIndex(np.arange(first, last + 1).astype("datetime64[D]"))
    return ByDay(first, is_holiday(days, country).astype("float64"))


def _search(meters: Meters, part: Ints, grid: Grid, holidays: ByDay, common: ByDay) -> pd.DataFrame:
    """Return the anomalous readings of some meters: row (in what `find` was given), interval and more."""
    days = grid.kwh.shape[1]
    past = profile(grid, holidays.of(grid.monday, days) > 0)
    shifts = find_level_shifts(grid, past, common.of(grid.monday, days))
    # What follows a shift is held against what was usual before it, unless the shift is the usual now.
    passing = grid.without(shifts[shifts.days(grid) < LONGEST])
    spikes = find_spikes(grid, past)
    if passing is not grid:
        spikes = find_spikes(passing, profile_anew(passing, past, shifts.meter)).meeting(spikes)
    spikes, habits = split_habits(spikes, (grid.kwh - past.expected).reshape(grid.flat.shape), grid)
    # An earlier kind explains a reading better than a later one.
    kinds = {
        "outage": find_outages(grid, past),
        "stuck": find_stuck(grid, past),
        "shift": shifts,
        "habit": habits,
        "spike": spikes,
    }
    kind, event = _number_events(grid, past, list(kinds.values()))
    expected = _expected(grid, past, event, shifts)
    anomalous = np.flatnonzero(event.ravel()[grid.cells])
    cells, places = grid.cells[anomalous], grid.rows[anomalous]
    meter = cells // event.shape[1]
    return pd.DataFrame(
        {
            "row": meters.rows[places],
            "device": meters.names.take(part[meter]),
            "consumption": meters.kwh[places],
            "expected": expected.ravel()[cells],
            "kind": np.array(list(kinds))[kind.ravel()[cells]],
            "event": event.ravel()[cells],
            "interval": meters.intervals[part[meter]],
            "usual_day": past.mean.ravel()[cells // grid.kwh.shape[2]] * 24 / grid.hours,
        }
    )


def _expected(grid: Grid, past: Profile, event: Ints, shifts: Runs) -> Floats:
    """Return what is expected of each cell, by days that are of no event, (meters, cells).

    Days of a shift that lasted until it was the usual tell of those after it, but not of its own.
    """
    lasting = np.zeros(event.shape, bool)
    long = shifts[shifts.days(grid) >= LONGEST]
    for meter, begin, end in zip(long.meter, long.begin, long.end, strict=True):
        lasting[meter, begin:end] = event[meter, begin:end] > 0
    usual = expect_without(grid, past, (event > 0) & ~lasting)
    if lasting.any():
        usual = np.where(lasting, expect_without(grid, past, event > 0), usual)
    return usual


def _number_events(grid: Grid, past: Profile, found: list[Runs]) -> tuple[Ints, Ints]:
    """Number each cell's kind and event, both (meters, cells), zero for none.

    An event that others explain for the most part is none.
    """
    kind, event = np.zeros(grid.flat.shape, np.int64), np.zeros(grid.flat.shape, np.int64)
    open_ = ~np.isnan(grid.flat) & ~np.isnan(past.expected.reshape(event.shape))
    number = 0
    for of_kind, stretches in enumerate(found):
        group = np.arange(len(stretches.meter)) if stretches.group is None else stretches.group
        for meter, begin, end, of in zip(stretches.meter, stretches.begin, stretches.end, group, strict=True):
            cells = slice(begin, end)
            free = open_[meter, cells] & (event[meter, cells] == 0)
            if free.sum() > open_[meter, cells].sum() / 2:
                event[meter, cells][free] = number + 1 + of
                kind[meter, cells][free] = of_kind
        number += int(group.max(initial=-1)) + 1
    return kind, event


def _rate_severity(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the severity of each reading's event and drop events of next to no energy."""
    energy = rows.groupby(["device", "event"])[["consumption", "expected"]].transform("sum")
    days = (energy["consumption"] - energy["expected"]).abs() / rows["usual_day"]
    rows["severity"] = np.select([days >= SEVERE, days >= NOTABLE], ["high", "medium"], "low")
    return rows[energy.max(axis=1) >= LEAST].copy()


def _ends(dates: pd.Series, intervals: pd.Series) -> pd.Series:
    """Return when intervals end that begin at these local times and last so many microseconds."""
    end = dates.copy()
    for interval in intervals.unique():
        alike = (intervals == interval).to_numpy()
        length = pd.Timedelta(microseconds=int(interval))
        end[alike] = ends(pd.DatetimeIndex(dates[alike]), length)
    return end


def _nothing() -> pd.DataFrame:
    names = ["device", "kind"]
    numbers = ["row", "consumption", "expected", "event", "interval", "usual_day"]
    return pd.DataFrame({name: [] for name in numbers + names}).astype(dict.fromkeys(names, "str"))
