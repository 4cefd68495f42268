"""The readings of one device in words and drawings."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.features.dashboard.drawings import drawing
from desktop.framework.drawing import Drawing
from desktop.framework.formatting import day, kw, kwh, moment, number, percent
from services.dashboard import Overview

translate = QCoreApplication.translate


@dataclass(frozen=True)
class DeviceFigure:
    name: str
    value: str
    hint: str


@dataclass(frozen=True, eq=False)
class DeviceFigures:
    """The charts over time are of all days, the figures and the profile of the brushed ones of them."""

    figures: list[DeviceFigure]
    consumption: Drawing
    heat_map: Drawing
    profile: Drawing
    empty: bool
    """Whether there are no readings at all."""


def device_figures(whole: Overview, part: Overview, zone: str) -> DeviceFigures:
    """``part`` is of the brushed days, or ``whole`` again; ``zone``: whose clock they are told by."""
    return DeviceFigures(
        _figures(part, zone),
        drawing("consumption", whole),
        drawing("heat_map", whole),
        drawing("profile", part),
        not whole.heat_map.days.size,
    )


def _figures(seen: Overview, zone: str) -> list[DeviceFigure]:
    said, at = seen.figures, seen.figures.peak_demand_at
    return [
        DeviceFigure(translate("device", "Total"), kwh(said.total.value), _days(seen)),
        DeviceFigure(translate("device", "Average day"), kwh(said.average_day.value), _counted(seen)),
        DeviceFigure(
            translate("device", "Peak demand"), kw(said.peak_demand.value), moment(at, zone) if at else ""
        ),
        DeviceFigure(
            translate("device", "Baseload"),
            kw(said.baseload.value),
            translate("device", "what never switches off"),
        ),
        DeviceFigure(
            translate("device", "Load factor"),
            percent(said.load_factor.value),
            translate("device", "mean ÷ peak demand"),
        ),
    ]


def _days(seen: Overview) -> str:
    days = seen.heat_map.days
    if not len(days):
        return ""
    template = translate("device", "{first} to {last}")
    return template.format(first=day(days[0].astype(object)), last=day(days[-1].astype(object)))


def _counted(seen: Overview) -> str:
    read = int(np.isfinite(seen.heat_map.kwh).any(axis=1).sum())
    return translate("device", "of {count} days with readings").format(count=number(read))
