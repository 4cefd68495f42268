"""Find readings that cannot be what a meter measured, before anything is computed from them.

A wrong number is worse than none: such readings are set aside, told of, and wait for a person to keep them.
What is merely unusual stays, and alerts tell of it: a bound is far beyond what all but
a hundredth of a meter's readings stay within.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.messages import N_
from services.readings.irregularities import DAY, first_positions
from services.readings.parse_result import values_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

REASONS = {
    "code": N_("This is what meters and programs write for an error or a full counter."),
    "level": N_("On this day all readings are many times as high as usual, as by another factor."),
    "rating": N_("This is many times the rated power of the device."),
    "bound": N_("This is many times the most that the meter otherwise reads."),
    "date": N_("This is far away from all other readings of the meter."),
}
"""Why a reading is not plausible, the gravest last."""

CODES = np.array(
    [2.0**bits + more for bits in (15, 16, 31, 32, 63, 64) for more in (-1, 0)]
    + [float("9" * digits) for digits in range(3, 11)]
)
"""Full counters of two to eight bytes, and the nines that stand for no value."""
DIGITS = 1e-8
"""Relative: programs round 2³² Wh to 4294967.30 kWh."""
BEYOND = 20.0
"""Times the robust maximum of a meter that no reading surpasses."""
BEYOND_OF_CODES, BEYOND_RATING, WITHIN_RATING = 2.0, 10.0, 1.5
FEWEST = 10
"""So many readings tell what a meter usually reads."""
LONGEST_RUN = 2
"""More readings in a row beyond the bound are something that ran."""
HABIT, ALIKE = 3, 3.0
"""So many spells beyond the bound, their highest no more times their lowest, are a habit."""
ANOTHER_LEVEL, SAME_SHAPE, DAYS_OF_USE = 8.0, 1.6, 14
LEAST_COURSE = DAY // 4
"""A shorter run shows no course of the day."""
FAR, STEPS_AWAY, BODY = 90 * DAY, 100, 24
"""Microseconds, and usual intervals, without a reading, beside a body of so many readings."""


@dataclass(frozen=True)
class Known:
    """What is known of a meter beside the file."""

    highest: float = 0.0
    """Its robust maximum so far (kW); 0 where it has no readings."""
    rated: float | None = None
    """Its rated power, kW."""


@dataclass(frozen=True)
class Meters:
    """Readings sorted by meter (numbers from 0) and instant (µs), and how high each meter usually reads."""

    meter: Ints
    time: Ints
    demand: Floats
    """Per hour, in kW or in the meter's unit an hour."""
    value: Floats
    upper: Floats
    """The upper quartile of the demand of each meter, whatever its sign."""
    highest: Floats
    """The robust maximum of each meter, NaN where too few readings tell."""


def find_implausible(frame: pd.DataFrame, known: Mapping[str, Known] | None = None) -> pd.Series:
    """Return why readings are not plausible, a key of `REASONS` by the index of ``frame``; of these alone.

    ``frame``: device, date (UTC), consumption (kWh, or NaN beside quantity), seconds; in any order.
    ``known`` by device.
    """
    if frame.empty:
        return pd.Series([], dtype="str")
    codes, names = pd.factorize(frame["device"])
    time = pd.DatetimeIndex(frame["date"]).as_unit("us").asi8
    order = _order(codes, time)
    value = values_of(frame).to_numpy("float64")
    hours = np.maximum(frame["seconds"].to_numpy("float64"), 1.0) / 3600
    given = [(known or {}).get(str(name), Known()) for name in names]
    rated = np.array([np.nan if of.rated is None else of.rated for of in given])
    meters = _meters(codes[order].astype("int64"), time[order], value[order], hours[order])
    written, level = _is_code(meters), _at_another_level(meters)
    meters = _without(meters, written | level, np.array([of.highest for of in given]))
    kinds = {reason: number for number, reason in enumerate(REASONS, 1)}
    found = np.zeros(len(order), "int8")
    with np.errstate(invalid="ignore"):
        found[_confirmed_codes(meters, written)] = kinds["code"]
        found[level] = kinds["level"]
        found[_beyond_rating(meters, rated)] = kinds["rating"]
        found[_beyond_bound(meters, rated)] = kinds["bound"]
    found[_far_away(meters)] = kinds["date"]
    at = np.flatnonzero(found)
    reasons = np.array(["", *REASONS], "object")[found[at]]
    return pd.Series(reasons, frame.index[order[at]], dtype="str").sort_index()


def _meters(meter: Ints, time: Ints, value: Floats, hours: Floats) -> Meters:
    demand = value / hours
    return Meters(meter, time, demand, value, *robust_demand(meter, demand, int(meter[-1]) + 1))


def _without(meters: Meters, rows: Flags, before: Floats) -> Meters:
    """Return the meters with the robust maximum of their other readings, and of those ``before``."""
    highest = meters.highest
    if rows.any():
        # Only meters that have such rows are ranked again.
        again = np.flatnonzero(np.isin(meters.meter, np.unique(meters.meter[rows])) & ~rows)
        _, anew = robust_demand(meters.meter[again], meters.demand[again], len(highest))
        highest = np.where(np.isin(np.arange(len(highest)), meters.meter[rows]), anew, highest)
    highest = np.fmax(highest, before)
    return replace(meters, highest=np.where(highest > 0, highest, np.nan))


def robust_demand(meter: Ints, demand: Floats, meters: int) -> tuple[Floats, Floats]:
    """Return the upper quartile of each meter's demand, and what all but a hundredth of it stays within.

    That are at least two readings; NaN where there are too few to tell. ``meter`` ascends.
    """
    size = np.abs(demand)
    upper, highest = np.full(meters, np.nan), np.full(meters, np.nan)
    bounds = np.searchsorted(meter, np.arange(meters + 1))
    for number, (begin, end) in enumerate(pairwise(bounds.tolist())):
        count = end - begin
        if count >= FEWEST:
            places = count - 1 - count // 4, count - 1 - min(count // 100 + 2, (count - 1) // 2)
            upper[number], highest[number] = np.partition(size[begin:end], places)[[*places]]
    return upper, highest


def _order(codes: npt.NDArray[np.integer], time: Ints) -> Ints:
    """Return the positions in order of meter and time; files mostly have one."""
    ahead = (np.diff(codes) > 0) | ((np.diff(codes) == 0) & (np.diff(time) >= 0))
    return np.arange(len(codes)) if ahead.all() else np.lexsort((time, codes))


def _is_code(meters: Meters) -> Flags:
    """Return which values have the digits of a code, wherever their decimal point is."""
    found = np.zeros(len(meters.value), bool)
    usual = np.nan_to_num(meters.upper)[meters.meter]
    odd = np.flatnonzero((meters.value < 0) | (meters.demand > BEYOND_OF_CODES * usual))
    for values in (meters.value[odd], meters.demand[odd]):
        size = np.abs(values)[:, np.newaxis]
        with np.errstate(divide="ignore", invalid="ignore"):
            exponent = np.log10(size / CODES)
            near = np.abs(10 ** (exponent - np.rint(exponent)) - 1) < DIGITS
        found[odd[near.any(axis=1)]] = True
    return found


def _confirmed_codes(meters: Meters, written: Flags) -> Flags:
    """Return which codes a meter does not read but as codes: above all others, or below a zero."""
    if not written.any():
        return written
    least = np.full(len(meters.highest), np.inf)
    np.minimum.at(least, meters.meter[~written], meters.demand[~written])
    high = meters.demand > BEYOND_OF_CODES * meters.highest[meters.meter]
    low = (meters.value < 0) & (least[meters.meter] >= 0) & np.isfinite(least[meters.meter])
    confirmed: Flags = written & (high | low)
    return confirmed


def _beyond_rating(meters: Meters, rated: Floats) -> Flags:
    if np.isnan(rated).all():
        return np.zeros(len(meters.meter), bool)
    size = np.abs(meters.demand)
    # Where the usual readings are beyond it, too, it is the rating that is wrong.
    sound = ~(rated * BEYOND_RATING <= 3 * meters.highest)
    over: Flags = sound[meters.meter] & (size > BEYOND_RATING * rated[meters.meter])
    return over


def _beyond_bound(meters: Meters, rated: Floats) -> Flags:
    """Return short spells beyond what the meter reads, beyond all meters together, and not its habit."""
    size = np.abs(meters.demand)
    over = (size > BEYOND * meters.highest[meters.meter]) & (size > np.nansum(meters.highest))
    over &= ~(size <= WITHIN_RATING * rated[meters.meter])
    at = np.flatnonzero(over)
    if not len(at):
        return over
    spell = np.cumsum(np.append(True, (np.diff(at) > 1) | (np.diff(meters.meter[at]) != 0))) - 1
    spells = pd.DataFrame({"spell": spell, "meter": meters.meter[at], "size": size[at]}).groupby("spell")
    each = spells.agg(meter=("meter", "first"), high=("size", "max"), count=("size", "size"))
    of_meter = each.groupby("meter")["high"].agg(["count", "min", "max"])
    habit = of_meter[(of_meter["count"] >= HABIT) & (of_meter["max"] <= ALIKE * of_meter["min"])].index
    short = each["count"].le(LONGEST_RUN) & ~each["meter"].isin(habit)
    over[at[~short.to_numpy()[spell]]] = False
    return over


def _at_another_level(meters: Meters) -> Flags:
    """Return runs that repeat the usual course of the day, but many times as high all along."""
    found = np.zeros(len(meters.meter), bool)
    some = np.flatnonzero(np.abs(meters.demand) > 0.5 * ANOTHER_LEVEL * meters.upper[meters.meter])
    if not len(some):
        return found
    rows = np.flatnonzero(np.isin(meters.meter, np.unique(meters.meter[some])))
    meter, demand = meters.meter[rows], meters.demand[rows]
    same_time = pd.Series(demand).groupby([meter, meters.time[rows] % DAY])
    usual = same_time.transform("median").to_numpy()
    times = np.where((usual > 0) & (same_time.transform("size").to_numpy() >= DAYS_OF_USE), demand / usual, 0)
    at = np.flatnonzero(times >= ANOTHER_LEVEL / SAME_SHAPE)
    if not len(at):
        return found
    run = np.cumsum(np.append(True, (np.diff(at) > 1) | (np.diff(meter[at]) != 0))) - 1
    told = {"times": times[at], "usual": usual[at], "time": meters.time[rows[at]]}
    runs = pd.DataFrame(told).groupby(run)
    size, middle = runs.size(), runs["times"].median()
    course = runs["usual"].max() / runs["usual"].min()
    spread = runs["times"].quantile(0.9) / runs["times"].quantile(0.1)
    other = (middle >= ANOTHER_LEVEL) & (runs["time"].max() - runs["time"].min() >= LEAST_COURSE)
    # What was switched on keeps a course of its own: then the factor varies as much as the usual one.
    other &= (course >= SAME_SHAPE) & (spread <= np.sqrt(course))
    # A level that stays is the meter's.
    whole = np.bincount(meter)[meter[at[np.flatnonzero(np.diff(run, prepend=-1))]]]
    other &= size <= np.maximum(100, whole // 20)
    found[rows[at[other.to_numpy()[run]]]] = True
    return found


def _far_away(meters: Meters) -> Flags:
    """Return the few readings before or after a long time without any, at either end of a meter's."""
    found = np.zeros(len(meters.meter), bool)
    gap = np.where(np.diff(meters.meter) == 0, np.diff(meters.time), 0)
    wide = np.flatnonzero(gap >= FAR)
    if not len(wide):
        return found
    first = first_positions(meters.meter)
    end = np.append(first[1:], len(meters.meter))
    for number in np.unique(meters.meter[wide]).tolist():
        begin, stop = first[number], end[number]
        usual = np.median(gap[begin : stop - 1])
        here = wide[(wide >= begin) & (wide < stop)]
        here = here[gap[here] >= STEPS_AWAY * usual]
        few = max(3, (stop - begin) // 1000)
        before = here[here - begin < few]
        after = here[stop - 1 - here <= few]
        head = before.max() + 1 if len(before) else begin
        tail = after.min() + 1 if len(after) else stop
        if tail - head >= BODY:
            found[begin:head] = True
            found[tail:stop] = True
    return found
