"""Series of readings that a format describes in full, as long sheets whose headings say it in plain words."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.readers import limits
from services.readers.sheet import HEAD_ROWS, LeftOut, RawSheet, trim_head

Kind = Literal["energy", "demand", "register"]

ENERGY = {"Wh", "kWh", "MWh", "GWh", "J", "MJ", "GJ", "Btu", "therm"}
POWER = {"W", "kW", "MW"}
VOLUME = {"m3", "ft3", "L", "gal", "imp gal"}
MEASURES = ENERGY | POWER | VOLUME | {""}
"""Units of what can be imported; an empty one is not said, and is asked about."""
NET = "net"
"""The direction of a series that is positive for what was taken and negative for what was fed in."""
NO_ENERGY, BESIDE, UNCLEAR = "unit", "beside", "direction"
"""Why a series is left out: it is no energy, other readings are of the same energy, or nobody says whose."""


@dataclass
class Series:
    """The readings of one register of a meter; all but the times and values is the same for each."""

    meter: str
    unit: str
    utility: str = ""
    direction: str = ""
    """consumption, generation, export or `NET`; empty where the format does not say."""
    kind: Kind = "energy"
    point: str = ""
    """What is metered: series of one point and direction are of the same energy."""
    is_local: bool = False
    """Whether times are those of clocks whose zone the file does not say, else they are UTC."""
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    """Seconds since 1970."""
    seconds: "array[int]" = field(default_factory=lambda: array("q"))
    """Lengths of the intervals; 0 for a register's readings, and where the file does not say."""
    values: "array[float]" = field(default_factory=lambda: array("d"))
    estimated: bytearray = field(default_factory=bytearray)
    """1 for readings that were not measured."""

    def add(self, start: int, seconds: int, value: float, is_estimated: bool = False) -> None:
        """Append a reading."""
        self.starts.append(start)
        self.seconds.append(seconds)
        self.values.append(value)
        self.estimated.append(is_estimated)

    def chosen(self, rows: Any, values: Any = None) -> "Series":
        """Return a copy with the readings at these positions, or with a mask's."""
        kept = np.frombuffer(self.values, "float64") if values is None else values
        return replace(
            self,
            starts=array("q", np.frombuffer(self.starts, "int64")[rows].tobytes()),
            seconds=array("q", np.frombuffer(self.seconds, "int64")[rows].tobytes()),
            values=array("d", kept[rows].tobytes()),
            estimated=bytearray(np.frombuffer(self.estimated, "uint8")[rows].tobytes()),
        )

    def step(self) -> float:
        """Return the usual length of an interval, seconds."""
        return float(np.median(np.frombuffer(self.seconds, "int64")))


def choose(found: Iterable[Series], *, finest_only: bool) -> tuple[list[Series], list[LeftOut]]:
    """Return the series that are energy, each once, and those left out.

    Of what measures one energy twice, energy goes before volume, a register's readings and demand; with
    ``finest_only`` also readings of shorter intervals before those of longer ones in the same time.
    """
    filled = [series for series in found if series.values]
    groups: defaultdict[tuple[str, str], list[Series]] = defaultdict(list)
    left: list[LeftOut] = []
    for series in filled:
        if series.unit in MEASURES:
            groups[series.point, series.utility].append(series)
        else:
            left.append(LeftOut(series.meter, NO_ENERGY, series.unit))
    kept: list[Series] = []
    for group in groups.values():
        best = _best(group)
        left += [LeftOut(series.meter, BESIDE, series.unit) for series in group if series not in best]
        kept += _finest(best) if finest_only else best
    return [part for series in kept for part in _split_net(series)], left


def _best(group: Sequence[Series]) -> list[Series]:
    """Return what measures the energy of each direction best, without differences and sums of these."""
    ranks = [_rank(series) for series in group]
    directed = any(series.direction not in (NET, "") for series in group)
    best: dict[str, int] = {}
    for series, rank in zip(group, ranks, strict=True):
        best[series.direction] = min(rank, best.get(series.direction, rank))
    return [
        series
        for series, rank in zip(group, ranks, strict=True)
        if rank == best[series.direction]
        and (rank < DEMAND or min(ranks) == DEMAND)
        and not (directed and series.direction in (NET, ""))
    ]


DEMAND = 3
"""The rank of demand: it is none of a direction, so that energy in any is better."""


def _rank(series: Series) -> int:
    if series.kind == "demand":
        return DEMAND
    return 2 if series.kind == "register" else int(series.unit in VOLUME)


def _finest(group: Sequence[Series]) -> list[Series]:
    """Return the series without the readings in whose time there are some of shorter intervals."""
    kept: list[Series] = []
    spans: defaultdict[str, list[tuple[float, int, int]]] = defaultdict(list)
    for series in sorted(group, key=Series.step):
        starts = np.frombuffer(series.starts, "int64")
        ends = starts + np.frombuffer(series.seconds, "int64")
        free = np.ones(len(starts), dtype=bool)
        for step, first, last in spans[series.direction]:
            if 0 < step * COARSER <= series.step():
                free &= (ends <= first) | (starts >= last)
        spans[series.direction].append((series.step(), int(starts.min()), int(ends.max())))
        kept += [series.chosen(free)] if free.any() else []
    return kept


COARSER = 1.5
"""So many times as long are intervals of another resolution."""


def _split_net(series: Series) -> list[Series]:
    """Return what was taken and what was fed in of a series that is the one minus the other."""
    if series.direction != NET:
        return [series]
    values = np.frombuffer(series.values, "float64")
    rows = slice(None)
    taken = replace(series.chosen(rows, values.clip(min=0)), direction="consumption")
    fed_in = replace(
        series.chosen(rows, (-values).clip(min=0)), direction="export", meter=f"{series.meter} (export)"
    )
    return [taken, *([fed_in] if (values < 0).any() else [])]


def sheets_of(path: Path, found: Iterable[Series], left: Sequence[LeftOut]) -> list[RawSheet]:
    """Return a sheet for each utility, kind and unit, a row a reading.

    Its columns are Meter, Start (UTC, or wall times), Interval (seconds), Value, Unit, and where the format
    says it Direction, Utility, Kind and Quality. Raises `FileRefused` where the cells are too long.
    """
    groups: defaultdict[tuple[object, ...], list[Series]] = defaultdict(list)
    for series in found:
        groups[series.utility, series.kind, series.unit, series.is_local].append(series)
    sheets = [_sheet(path, group) for group in groups.values()]
    return [replace(sheets[0], left_out=tuple(left)), *sheets[1:]] if sheets else []


def _sheet(path: Path, group: Sequence[Series]) -> RawSheet:
    if sum(len(of.meter.encode()) * len(of.starts) for of in group) > limits.ANSWER:
        raise limits.too_wordy(path)
    one = group[0]
    columns = _columns(group)
    table = pa.table(list(columns.values()), names=[str(number) for number in range(len(columns))])
    rows = table.slice(0, HEAD_ROWS - 1).to_pydict().values()
    first = [[None if cell is None else str(cell) for cell in row] for row in zip(*rows, strict=True)]
    name = " ".join(word for word in (one.utility, one.kind, one.unit) if word)
    head = trim_head([list(columns), *first])
    body = partial(_body, list(columns), table)
    return RawSheet(name, head, len(table) + 1, body, is_described=bool(one.unit))


def _columns(group: Sequence[Series]) -> dict[str, Any]:
    """Return the columns by their headings."""
    one = group[0]
    lengths = [len(series.starts) for series in group]
    place = pa.array(np.repeat(np.arange(len(group)), lengths))

    def joined(values: Callable[[Series], Any], kind: str) -> Any:
        return np.concatenate([np.frombuffer(values(series), kind) for series in group])

    def text(value: Callable[[Series], str]) -> Any:
        return pa.array([value(series) or None for series in group], pa.string()).take(place)

    zone = None if one.is_local else "UTC"
    starts = joined(lambda series: series.starts, "int64") * 1_000_000
    seconds = joined(lambda series: series.seconds, "int64")
    columns = {
        "Meter": text(lambda series: series.meter),
        "Start": pa.array(starts, pa.timestamp("us", zone)),
    }
    if seconds.any():
        columns["Interval"] = pa.array(seconds.astype("float64"), mask=seconds == 0)
    columns["Value"] = pa.array(joined(lambda series: series.values, "float64"))
    columns["Unit"] = text(lambda series: series.unit)
    columns["Direction"] = text(lambda series: series.direction)
    columns["Utility"] = text(lambda series: series.utility)
    columns["Kind"] = text(lambda series: series.kind)
    estimated = joined(lambda series: series.estimated, "uint8")
    if estimated.any():
        columns["Quality"] = pc.if_else(pa.array(estimated == 1), "estimated", "actual")
    return {name: column for name, column in columns.items() if column.null_count < len(column)}


def _body(names: Sequence[str], table: pa.Table, first: int) -> pa.Table:
    """Return the rows from the ``first`` on, 0 being that of the headings, which makes all columns text."""
    if first > 0:
        return table.slice(first - 1)
    columns = [_as_text(column) for column in table.columns]
    headed = [
        pa.chunked_array([[name], *column.chunks], pa.string())
        for name, column in zip(names, columns, strict=True)
    ]
    return pa.table(headed, names=table.column_names)


def _as_text(column: Any) -> Any:
    kind = column.type
    if not pa.types.is_timestamp(kind):
        return column.cast(pa.string())
    written = column.cast(pa.timestamp("s")).cast(pa.string())
    return pc.binary_join_element_wise(written, "+00:00", "") if kind.tz else written
