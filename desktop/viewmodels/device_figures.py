"""The readings of one device in words and arrays: figures, load profile and heat map."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.quantities import day, kwh, moment, number, percent
from services.dashboard import DayProfile, Overview

translate = QCoreApplication.translate

Values = npt.NDArray[np.float64]
HOURS = 24


class HeatMapTexts:
    """Each hour in words, when it is asked for; a year has 8,760 of them."""

    def __init__(self, days: npt.NDArray[np.datetime64], energy: Values) -> None:
        self._days, self._energy = days, energy

    def __len__(self) -> int:
        return self._energy.size

    def __getitem__(self, cell: int) -> str:
        row, hour = divmod(cell, HOURS)
        used = self._energy[row, hour]
        said = translate("device", "no readings") if np.isnan(used) else kwh(float(used))
        return f"{day(self._days[row].astype(object))}, {_clock(hour)}\n{said}"


@dataclass(frozen=True, eq=False)
class DeviceFigures:
    """``profile`` of weekdays and weekends as (mean, low, high) [24] kW; ``days`` in seconds since 1970
    of each midnight as if it were UTC; ``energy`` [n, 24] kWh."""

    figures: list[tuple[str, str, str]]
    """(name, figure, what it means)."""
    period: str
    """Which days the readings are of, and when the peak was."""
    profile: tuple[tuple[Values, Values, Values], tuple[Values, Values, Values]]
    profile_texts: list[str]
    days: Values
    energy: Values
    texts: HeatMapTexts

    @property
    def empty(self) -> bool:
        """Whether there are no readings."""
        return not self.energy.size


def device_figures(seen: Overview, zone: str) -> DeviceFigures:
    """``zone``: whose clock the readings are told by."""
    weekday, weekend = seen.profile.weekday, seen.profile.weekend
    heat_map = seen.heat_map
    return DeviceFigures(
        _figures(seen),
        _period(seen, zone),
        (_spread(weekday), _spread(weekend)),
        [_hour(hour, weekday, weekend) for hour in range(HOURS)],
        heat_map.days.astype("datetime64[s]").astype("float64"),
        heat_map.kwh,
        HeatMapTexts(heat_map.days, heat_map.kwh),
    )


def _figures(seen: Overview) -> list[tuple[str, str, str]]:
    said = seen.figures
    return [
        (
            translate("device", "Total"),
            kwh(said.total.value),
            translate("device", "Of all days with readings"),
        ),
        (
            translate("device", "Average day"),
            kwh(said.average_day.value),
            translate("device", "Mean of the days with readings"),
        ),
        (
            translate("device", "Peak demand"),
            kw(said.peak_demand.value),
            translate("device", "The highest mean demand of an interval"),
        ),
        (
            translate("device", "Baseload"),
            kw(said.baseload.value),
            translate("device", "What never switches off"),
        ),
        (
            translate("device", "Load factor"),
            percent(said.load_factor.value),
            translate("device", "Mean demand ÷ peak demand"),
        ),
    ]


def kw(value: float | None) -> str:
    """Demand with the decimals that say something."""
    decimals = 0 if abs(value or 0) >= 100 else 1 if abs(value or 0) >= 10 else 2
    return number(value) if value is None else f"{number(value, decimals)} kW"


def _period(seen: Overview, zone: str) -> str:
    days, peak = seen.heat_map.days, seen.figures.peak_demand_at
    if not len(days) or peak is None:
        return ""
    return translate(
        "device", "Readings from {first} to {last}; the peak demand was in the interval from {peak} on."
    ).format(first=day(days[0].astype(object)), last=day(days[-1].astype(object)), peak=moment(peak, zone))


def _spread(of: DayProfile) -> tuple[Values, Values, Values]:
    return of.mean, of.low, of.high


def _hour(hour: int, weekday: DayProfile, weekend: DayProfile) -> str:
    lines = [f"{_clock(hour)} – {_clock(hour + 1)}"]
    for name, of in (
        (translate("device", "Weekdays"), weekday),
        (translate("device", "Weekends"), weekend),
    ):
        if not np.isnan(of.mean[hour]):
            lines.append(
                f"{name}: {kw(of.mean[hour])} ({number(of.low[hour], 2)} – {number(of.high[hour], 2)})"
            )
    return "\n".join(lines)


def _clock(hour: int) -> str:
    return f"{hour:02}:00"
