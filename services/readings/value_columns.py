"""Choose the columns of numbers that meters counted, and say why the others are left out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from services.readings.measures import NOTHING, Measure, is_volume, measure_of, names_no_meter, rates_in
from services.readings.units import Kind, is_pure, kind_of, meter_name
from services.sheets import cells, words
from services.sheets.words import holds_word, is_total, plain

ROWS = 500
"""Rows of which the numbers are looked at."""
LEAST_ROWS = 4
"""Rows from which on numbers tell that one column is the sum of others."""
MOST_COLUMNS = 14
"""Columns up to which all sums of them are tried."""
MOST_KWH = 1e12
LONGEST_COUNT = 1e10
LEAST_IDENTIFIER = 1e6
"""Beyond these a number is no reading: no meter counts so far without saying a unit."""

Reasons = dict[str, str]
"""Columns with the key of the reason (`measures.REASONS`)."""


def choose_values(
    frame: pd.DataFrame,
    candidates: Sequence[str],
    said: Measure,
    has_device: bool,
    in_cells: Measure = NOTHING,
) -> tuple[list[str], Reasons]:
    """Return the columns of readings among those of numbers, in their order, and those left out.

    ``said`` is what the sheet says of all its numbers, ``in_cells`` what columns of text say in every row.
    """
    left: Reasons = {}
    measures = {name: measure_of(name) for name in candidates}
    numbers = _numbers(frame, candidates)
    for name, measure in measures.items():
        if measure.why:
            left[name] = measure.why
        elif why := _no_reading(name, numbers[name], measure, said.filled(in_cells)):
            left[name] = why
    kept = [name for name in candidates if name not in left]
    _leave_unitless(kept, measures, left)
    kept = [name for name in kept if name not in left]
    _leave_labelled_totals(kept, left)
    kept = [name for name in kept if name not in left]
    _leave_other_kinds(kept, measures, left)
    kept = [name for name in kept if name not in left]
    _leave_sums(kept, measures, numbers, left)
    kept = [name for name in kept if name not in left]
    _leave_alike(kept, measures, has_device, left)
    return [name for name in kept if name not in left], left


def _numbers(frame: pd.DataFrame, candidates: Sequence[str]) -> dict[str, np.ndarray]:
    head = frame.iloc[:ROWS]
    mark = cells.decimal_mark(head[name] for name in candidates)
    values = cells.parse_number_columns(head, candidates, mark)
    return {name: values[:, position] for position, name in enumerate(candidates)}


def _no_reading(name: str, written: np.ndarray, measure: Measure, said: Measure) -> str:
    """Return why numbers cannot be readings; empty where they can."""
    values = written[np.isfinite(written)]
    if not len(values):
        return ""
    size = float(np.median(np.abs(values)))
    unit = measure.unit or said.unit
    if (
        unit
        and not is_volume(unit)
        and size > MOST_KWH * (1000 if unit in {"Wh", "W"} else 1e7 if unit == "J" else 1)
    ):
        return "implausible"
    if measure.unit or (measure.kind and not holds_word(plain(name), words.NUMBER)):
        return ""
    whole = bool((values % 1 == 0).all())
    if size > LONGEST_COUNT and whole:
        return "identifier"
    steps = np.diff(values)
    counts = len(values) >= 3 and abs(float(steps[0])) == 1 and bool((steps == steps[0]).all())
    nameless = plain(name) in {"index", "idx", "count"} or plain(name).startswith(("column ", "unnamed"))
    if whole and counts and not measure.kind and (nameless or holds_word(plain(name), IDENTIFIERS)):
        return "identifier"
    numbered = holds_word(plain(name), IDENTIFIERS) or plain(name).endswith(("nummer", "number", "numero"))
    repeats = len(values) >= 4 and len(np.unique(values)) <= len(values) / 3
    large = size >= LEAST_IDENTIFIER and repeats
    return "identifier" if whole and ((numbered and size > 20) or large) else ""


IDENTIFIERS = (
    "id", "nr", "no", "num", "number", "nummer", "numero", "serial", "serial number", "account", "index no",
    "key", "code", "unnamed", "uid", "row", "record", "meter consumption id", "nr seryjny", "cislo", "szam",
    "编号", "番号",
)  # fmt: skip


def _leave_unitless(kept: Sequence[str], measures: Mapping[str, Measure], left: Reasons) -> None:
    if any(measures[name].unit for name in kept):
        for name in kept:
            utility = measures[name].utility
            if not measures[name].unit and (utility in (None, "electricity", "heat", "cooling")):
                left[name] = "unitless"


def _leave_labelled_totals(kept: Sequence[str], left: Reasons) -> None:
    totals = [name for name in kept if is_total(meter_name(name)) and not measure_of(name).utility]
    parts = [name for name in kept if name not in totals]
    if any(measure_of(part).utility in (None, "electricity") for part in parts):
        left.update(dict.fromkeys(totals, "total"))


def _utility(measure: Measure) -> str:
    return measure.utility or "electricity"


def _leave_other_kinds(kept: Sequence[str], measures: Mapping[str, Measure], left: Reasons) -> None:
    """Of one utility energy goes before volume, registers and demand."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in kept:
        if is_volume(measures[name].unit) and measures[name].utility is None:
            others = [other for other in kept if other != name and not is_volume(measures[other].unit)]
            if others:
                heat = any(measures[other].utility in ("heat", "cooling", "steam") for other in others)
                left[name] = "volume" if heat else "utility"
                continue
        groups[_utility(measures[name])].append(name)
    for names in groups.values():
        ranks = {name: _rank(name, measures[name]) for name in names}
        best = min(ranks.values())
        left.update({name: "beside" for name, rank in ranks.items() if rank > best})


def _rank(name: str, measure: Measure) -> int:
    kinds: dict[Kind | None, int] = {"energy": 0, None: 0, "demand": 2, "register": 3}
    return kinds[kind_of(name)] + (1 if is_volume(measure.unit) else 0)


def _leave_sums(
    kept: Sequence[str], measures: Mapping[str, Measure], numbers: Mapping[str, np.ndarray], left: Reasons
) -> None:
    """Leave out what is the sum of other columns in every row, twice the same, or a balance of directions."""
    names = [
        name
        for name in kept
        if np.isfinite(numbers[name]).sum() >= LEAST_ROWS and np.nanstd(numbers[name]) > 0
    ]
    if len(names) < 2:
        return
    _leave_balance(names, measures, numbers, left)
    if len(names) > 3 * MOST_COLUMNS:
        return
    for name in sorted(names, key=lambda n: -float(np.nansum(np.abs(numbers[n])))):
        others = [
            other
            for other in names
            if other != name
            and other not in left
            and _utility(measures[other]) == _utility(measures[name])
            and (measures[other].unit or "kWh") == (measures[name].unit or "kWh")
        ]
        if _is_sum(name, others, numbers):
            left[name] = "total"


def _is_sum(name: str, others: Sequence[str], numbers: Mapping[str, np.ndarray]) -> bool:
    wanted = numbers[name]
    if plain(name) and any(_alike(wanted, numbers[other]) for other in others):
        return _is_aggregate(name)
    choices = [others]
    if len(others) <= MOST_COLUMNS:
        choices += [
            list(some) for size in (2, 3, 4) for some in combinations(others, size) if size < len(others)
        ]
    for some in choices:
        if len(some) >= 2:
            parts = np.stack([np.nan_to_num(numbers[other]) for other in some])
            if sum(np.any(part != 0) for part in parts) >= 2 and _alike(wanted, parts.sum(axis=0)):
                return True
    return False


def _is_aggregate(name: str) -> bool:
    """Return whether a column that is the same as another is the one to leave."""
    return is_total(meter_name(name)) or holds_word(plain(name), ("total", "d1", "d2", "d3", "d4"))


def _alike(left: np.ndarray, right: np.ndarray) -> bool:
    known = np.isfinite(left) & np.isfinite(right)
    if known.sum() < LEAST_ROWS:
        return False
    slack = 1e-6 + 2e-4 * np.abs(left[known]) if not (left[known] % 1 == 0).all() else 1e-6
    return bool((np.abs(left[known] - right[known]) <= slack).mean() > 0.98)


def _leave_balance(
    names: Sequence[str], measures: Mapping[str, Measure], numbers: Mapping[str, np.ndarray], left: Reasons
) -> None:
    """Of what a building uses, takes from the grid and makes itself, keep what it uses."""
    by_direction: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        by_direction[measures[name].direction or "consumption"].append(name)
    for made in by_direction["generation"]:
        for fed in by_direction["export"] or [""]:
            out = np.nan_to_num(numbers[fed]) if fed else 0.0
            for load in by_direction["consumption"]:
                for taken in by_direction["consumption"]:
                    if load != taken and taken not in left and load not in left:
                        whole = np.nan_to_num(numbers[taken]) + np.nan_to_num(numbers[made]) - np.abs(out)
                        if np.nansum(np.abs(numbers[made])) and _alike(numbers[load], whole):
                            left[taken] = "beside"


def _leave_alike(
    kept: Sequence[str], measures: Mapping[str, Measure], has_device: bool, left: Reasons
) -> None:
    """Of columns that name no meter, keep one for each utility, direction and tariff."""
    pure = [name for name in kept if names_no_meter(meter_name(name)) or has_device]
    named = [name for name in kept if name not in pure]
    groups: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for name in pure:
        direction = measures[name].direction or "consumption"
        groups[_utility(measures[name]), direction, rates_in(name)].append(name)
    for names in groups.values():
        best = min(
            names,
            key=lambda name: (not names_no_meter(name), measures[name].unit is None, kind_of(name) is None),
        )
        left.update({name: "beside" for name in names if name != best})
    if has_device or not named:
        return
    whole = [
        name
        for (utility, direction, rates), names in groups.items()
        for name in names
        if direction == "consumption" and not rates and utility == "electricity" and name not in left
    ]
    units = any(measures[name].unit for name in named)
    loser = whole if len(named) > 1 and units else named if any(is_pure(name) for name in whole) else whole
    left.update(dict.fromkeys(loser, "beside"))
