"""The facility of `figures_benchmark`: meters of all kinds over 2024 in Europe/Berlin, and their files.

Each meter has a made-up load in kW at every minute and reads it as meters do: at its own interval, rounded to
three decimals, with gaps, a late start or an early end. Minutes are counted from the year's first midnight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Values = npt.NDArray[np.float64]
Minutes = npt.NDArray[np.int64]

ZONE = "Europe/Berlin"
YEAR = pd.date_range("2024-01-01", "2025-01-01", freq="min", tz=ZONE, inclusive="left")
WEEKDAY, HOUR = np.asarray(YEAR.day_of_week), np.asarray(YEAR.hour)
DAY = np.asarray(YEAR.day_of_year) - 1
STAMP = "%Y-%m-%d %H:%M:%S"
CALORIFIC_VALUE = 40.0
"""MJ in a m³ of gas."""


@dataclass(frozen=True)
class Meter:
    """A meter with its readings: the quantity from ``start`` to ``end`` (minutes, [n])."""

    name: str
    start: Minutes
    end: Minutes
    quantity: Values
    """In the meter's unit."""
    step: int | None
    """Minutes between readings; None where they are irregular."""
    kwh_per_unit: float | None = 1.0
    """None for water, which is never kWh."""
    utility: str = "electricity"
    direction: str = "consumption"
    parent: str | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it is energy that is consumed."""
        return self.direction == "consumption" and self.kwh_per_unit is not None

    @property
    def kwh(self) -> Values:
        """Spread the energy over the minutes of the year, NaN where nothing was read."""
        kwh = np.full(len(YEAR), np.nan)
        length = self.end - self.start
        within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        each = self.quantity * (self.kwh_per_unit or np.nan) / length
        kwh[np.repeat(self.start, length) + within] = np.repeat(each, length)
        return kwh

    @property
    def longest(self) -> Minutes:
        """Tell how many minutes the reading is long that covers each minute, 0 where none does."""
        length = self.end - self.start
        found = np.zeros(len(YEAR), "int64")
        within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        found[np.repeat(self.start, length) + within] = np.repeat(length, length)
        return found


@dataclass(frozen=True)
class Source:
    """A file of the facility, and the options that answer what it does not say."""

    name: str
    table: pd.DataFrame
    options: tuple[str, ...] = ()
    separator: str = ","
    decimal: str = "."

    def write(self, folder: Path) -> Path:
        """Write it as csv or xlsx, as its name says; the path."""
        path = folder / self.name
        if path.suffix == ".xlsx":
            self.table.to_excel(path, index=False)
        else:
            self.table.to_csv(path, index=False, sep=self.separator, decimal=self.decimal)
        return path


@dataclass(frozen=True)
class Facility:
    """Meters, the files that hold their readings, and the list that says how they hang together."""

    meters: dict[str, Meter]
    sources: list[Source]
    device_list: pd.DataFrame
    floor_area: float = 5_000.0
    prices: tuple[float, float, float] = (0.20, 0.31, 9.0)
    """Per kWh, per kWh on working days from 8 to 20, and per kW of a month's peak demand."""
    cases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Choices of several meters."""


def load(size: float, night: float, seed: int) -> Values:
    """Make up a demand in kW for each minute: by day, by season, less on weekends, with noise of hours."""
    random = np.random.default_rng(seed)
    moment = HOUR + np.asarray(YEAR.minute) / 60
    shape = np.exp(-(((moment - 12.5) / 4.2) ** 2)) * np.where(WEEKDAY < 5, 1.0, 0.35)
    season = 1 + 0.2 * np.cos((DAY - 20) / 366 * 2 * np.pi)
    noise = np.repeat(random.gamma(40, 1 / 40, len(YEAR) // 60), 60) * random.normal(1, 0.05, len(YEAR))
    kw: Values = np.maximum(size * (night + shape * season) * noise, 0.0)
    return kw


def sunshine(size: float, seed: int) -> Values:
    """Make up the output in kW of a photovoltaic plant for each minute."""
    random = np.random.default_rng(seed)
    moment = HOUR + np.asarray(YEAR.minute) / 60
    length = 4.2 - 2.0 * np.cos((DAY - 172 + 183) / 366 * 2 * np.pi)
    cloud = np.repeat(random.uniform(0.2, 1, 366), 1440)[: len(YEAR)]
    kw: Values = size * np.clip(1 - ((moment - 13.2) / (length + 2)) ** 2, 0, None) * cloud
    return kw


def at_every(step: int) -> Minutes:
    """List the minutes of the year at which a meter of this interval is read."""
    return np.arange(0, len(YEAR) + 1, step)


def at_starts(frequency: str) -> Minutes:
    """List when the days, weeks (Monday) or months of the year begin, and when the last one ends."""
    starts = pd.date_range("2024-01-01", "2025-01-01", freq=frequency, tz=ZONE)
    return minute_of(starts)


def at_random(least: int, most: int, seed: int) -> Minutes:
    """Draw minutes whose distance is anything from ``least`` to ``most``."""
    steps = np.random.default_rng(seed).integers(least, most + 1, len(YEAR) // least)
    minutes = np.append(0, np.cumsum(steps))
    return minutes[minutes <= len(YEAR)]


def minute_of(moments: pd.DatetimeIndex) -> Minutes:
    """Count the minutes of the year up to moments with a time zone."""
    return np.asarray((moments - YEAR[0]) // pd.Timedelta(minutes=1), "int64")


def minute_at(moment: str) -> int:
    """Count the minutes of the year up to a moment of the facility's clock."""
    return int(minute_of(pd.DatetimeIndex([pd.Timestamp(moment, tz=ZONE)]))[0])


def measured(name: str, kw: Values, edges: Minutes, step: int | None, **of: Any) -> Meter:
    """Read a load at these minutes."""
    energy = np.append(0.0, np.cumsum(kw / 60))
    quantity = np.diff(energy[edges]) / (of.get("kwh_per_unit") or 1.0)
    return Meter(name, edges[:-1], edges[1:], quantity.round(3), step, **of)


def without(meter: Meter, start: str, end: str) -> Meter:
    """Take from a meter the readings between two moments of the facility's clock."""
    there = (meter.end <= minute_at(start)) | (meter.start >= minute_at(end))
    changed = {name: getattr(meter, name)[there] for name in ("start", "end", "quantity")}
    return Meter(**{**vars(meter), **changed})


def local(minutes: Minutes) -> pd.DatetimeIndex:
    """Read the facility's clock at these minutes, also past the year's end."""
    moments = YEAR[0] + pd.to_timedelta(minutes, unit="min")
    return pd.DatetimeIndex(moments).tz_localize(None)


def wide(meters: Sequence[Meter], heading: str = "{name} (kWh)", time: str = "Date") -> pd.DataFrame:
    """Lay out a column of times, and one for each meter."""
    starts = np.unique(np.concatenate([meter.start for meter in meters]))
    table = {time: local(starts).strftime(STAMP)}
    for meter in meters:
        column = pd.Series(meter.quantity, meter.start).reindex(starts)
        table[heading.format(name=meter.name)] = column.to_numpy()
    return pd.DataFrame(table)


def long(meters: Iterable[Meter], quantity: str = "Consumption (kWh)") -> pd.DataFrame:
    """Lay out a row for each reading, with its meter."""
    tables = [
        pd.DataFrame(
            {"Meter": meter.name, "Date": local(meter.start).strftime(STAMP), quantity: meter.quantity}
        )
        for meter in meters
    ]
    return pd.concat(tables, ignore_index=True)


def register(meter: Meter, opening: float) -> pd.DataFrame:
    """List what the counter shows before the first reading and after each."""
    shown = opening + np.append(0.0, np.cumsum(meter.quantity))
    at = local(np.append(meter.start[:1], meter.end)).strftime(STAMP)
    return pd.DataFrame({"Meter": meter.name, "Date": at, "Counter reading (kWh)": shown.round(3)})


def facility() -> Facility:
    """Make every kind of meter, with its file."""
    groups = (_mains(), _hours(), _fine(), _coarse(), _other_utilities(), _troubled(), _registers())
    meters = {meter.name: meter for found, _ in groups for meter in found}
    parents = [{"name": meter.name, "parent": meter.parent} for meter in meters.values() if meter.parent]
    cases = {
        "main, PV, feed-in": ("Main", "PV", "Feed-in"),
        "main and its sub-meters": ("Main", "Hall 1", "Hall 2"),
        "sub-meters alone": ("Hall 1", "Hall 2"),
        "5, 15, 30 and 60 minutes": ("Workshop", "Main", "Office", "Kitchen"),
        "hours beside a monthly bill": ("Kitchen", "Annex"),
        "hours and a late starter": ("Kitchen", "Charging"),
        "hours and one that stops": ("Kitchen", "Press"),
        "hours and one with gaps": ("Kitchen", "Ventilation"),
    }
    return Facility(meters, [source for _, of in groups for source in of], pd.DataFrame(parents), cases=cases)


Group = tuple[list[Meter], list[Source]]


def _mains() -> Group:
    """Make a main meter with two sub-meters, and what the roof gives."""
    halls = [load(60, 0.3, 1), load(35, 0.2, 2)]
    kw = {"Main": sum(halls) + load(9, 0.8, 3), "Hall 1": halls[0], "Hall 2": halls[1]}
    main, *subs = [
        measured(name, kw[name], at_every(15), 15, parent=None if name == "Main" else "Main") for name in kw
    ]
    sun = sunshine(80, 4)
    pv = measured("PV", sun, at_every(15), 15, direction="generation")
    export = measured("Feed-in", np.maximum(sun - kw["Main"], 0), at_every(15), 15, direction="export")
    files = [Source("mains.csv", wide([main, *subs])), Source("roof.csv", wide([pv, export]))]
    return [main, *subs, pv, export], files


def _hours() -> Group:
    """Make hourly meters: whole, with ten days missing in May, begun in September, ended in October."""
    kitchen = measured("Kitchen", load(14, 0.2, 5), at_every(60), 60)
    ventilation = measured("Ventilation", load(8, 0.6, 6), at_every(60), 60)
    charging = measured("Charging", load(22, 0.05, 7), at_every(60), 60)
    press = measured("Press", load(30, 0.1, 8), at_every(60), 60)
    meters = [
        kitchen,
        without(ventilation, "2024-05-06", "2024-05-16"),
        without(charging, "2024-01-01", "2024-09-01"),
        without(press, "2024-10-14 09:00", "2025-01-01"),
    ]
    return meters, [Source("hourly meters.xlsx", wide(meters, "{name} [kWh]"))]


def _fine() -> Group:
    """Make meters of five minutes (kW), of half-hours, and of intervals that fit into no hour."""
    kw = load(18, 0.15, 9)[::5].round(3)
    five = at_every(5)
    workshop = Meter("Workshop", five[:-1], five[1:], kw / 12, 5)
    demand = pd.DataFrame({"Time": local(five[:-1]).strftime(STAMP), "Workshop (kW)": kw})
    office = measured("Office", load(12, 0.25, 10), at_every(30), 30)
    odd = [
        measured(name, load(size, 0.3, seed), at_every(step), step)
        for name, size, seed, step in (
            ("Lift", 5, 11, 40),
            ("Pump", 7, 12, 45),
            ("Bakery", 16, 13, 50),
            ("Sauna", 6, 14, 90),
        )
    ]
    files = [
        Source("workshop.csv", demand),
        Source("office.csv", long([office], "Verbrauch (kWh)"), separator=";", decimal=","),
        *(Source(f"{meter.name.lower()}.csv", long([meter])) for meter in odd),
    ]
    return [workshop, office, *odd], files


def _coarse() -> Group:
    """Make meters of days, weeks and monthly bills."""
    laundry = measured("Laundry", load(9, 0.1, 15), at_starts("D"), 1440)
    car_park = measured("Car park", load(3, 0.9, 16), at_starts("W-MON"), 10_080)
    annex = measured("Annex", load(4, 0.4, 17), at_starts("MS"), None)
    files = [
        Source("laundry.xlsx", wide([laundry]).assign(Date=local(laundry.start).date)),
        Source("car park.csv", wide([car_park]).assign(Date=local(car_park.start).strftime("%Y-%m-%d"))),
        Source("bills of the annex.xlsx", wide([annex]).assign(Date=local(annex.start).date)),
    ]
    return [laundry, car_park, annex], files


def _other_utilities() -> Group:
    """Make meters of gas by the hour and water by the day, both in m³."""
    gas = {"utility": "gas", "kwh_per_unit": CALORIFIC_VALUE / 3.6}
    boiler = measured("Boiler", load(70, 0.4, 18), at_every(60), 60, **gas)
    water = measured("Tap", load(2, 0.1, 19), at_starts("D"), 1440, utility="water", kwh_per_unit=None)
    calorific_value = ("--calorific-value", f"{CALORIFIC_VALUE:g}")
    files = [
        Source("gas.csv", long([boiler], "Gas consumption (m³)"), calorific_value),
        Source("water.csv", long([water], "Water consumption (m³)")),
    ]
    return [boiler, water], files


def _troubled() -> Group:
    """Make meters that jitter, keep standard time, read a year ahead, or read 2³² Wh."""
    random = np.random.default_rng(20)
    server = measured("Server room", load(6, 0.9, 21), at_every(15), 15)
    jitter = pd.to_timedelta(random.integers(-1, 2, len(server.start)), unit="s")
    stamps = {"Date": (local(server.start) + jitter).strftime(STAMP)}
    lights = measured("Street lights", load(4, 0.7, 22), at_every(60), 60)
    standard = YEAR[lights.start].tz_convert("Etc/GMT-1").strftime(STAMP)
    chiller = measured("Chiller", load(11, 0.5, 23), at_every(60), 60)
    stray = pd.DataFrame({"Meter": ["Chiller"], "Date": ["2025-11-03 12:00:00"], "Consumption (kWh)": [9.75]})
    oven = measured("Oven", load(10, 0.05, 24), at_every(15), 15)
    overflow = wide([oven], "{name} (Wh)").assign(**{"Oven (Wh)": oven.quantity * 1000})
    overflow.loc[20_000, "Oven (Wh)"] = 2.0**32
    moment = local(oven.start[[20_000]])[0]
    oven = without(oven, str(moment), str(moment + pd.Timedelta(minutes=15)))
    files = [
        Source("server room.csv", wide([server]).assign(**stamps)),
        Source("street lights.csv", wide([lights]).assign(Date=standard)),
        Source("chiller.csv", pd.concat([long([chiller]), stray])),
        Source("oven.csv", overflow),
    ]
    return [server, lights, chiller, oven], files


def _registers() -> Group:
    """Make counters: one read daily but for five days, one at odd moments."""
    days = at_starts("D")
    daily = measured("Cold store", load(13, 0.8, 25), np.delete(days, slice(200, 205)), None)
    irregular = measured("Compressor", load(9, 0.2, 26), at_random(20, 60, 27), None)
    files = [
        Source("cold store.csv", register(daily, 48_210.5)),
        Source("compressor.csv", register(irregular, 1_034.2)),
    ]
    return [daily, irregular], files


@dataclass(frozen=True)
class Period:
    """Days of the year, both included; None for all that there are."""

    name: str
    start: date | None = None
    end: date | None = None

    @property
    def minutes(self) -> slice:
        """Find where its minutes lie in the year."""
        if not (self.start and self.end):
            return slice(0, len(YEAR))
        end = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        return slice(minute_at(str(self.start)), minute_at(str(end)))


PERIODS = (
    Period("all"),
    Period("June", date(2024, 6, 1), date(2024, 6, 30)),
    Period("March, clocks forward", date(2024, 3, 1), date(2024, 3, 31)),
    Period("October, clocks back", date(2024, 10, 1), date(2024, 10, 31)),
    Period("Mon to Wed", date(2024, 7, 15), date(2024, 7, 17)),
    Period("four weeks with the gaps", date(2024, 4, 29), date(2024, 5, 26)),
    Period("a Tuesday", date(2024, 9, 10), date(2024, 9, 10)),
)
