"""The dashboard's charts of when energy is used: by the hour, and how often how much."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.features.settings.tariff_text import hour
from desktop.framework.drawing import Drawing, Values, Words, energy, instants, interval, seconds
from desktop.framework.formatting import kw, percent
from desktop.framework.table_export import Table
from services.dashboard import DayProfile, Overview

translate = QCoreApplication.translate

HOURS = 24

Spread = tuple[Values, Values, Values]


def profile(seen: Overview) -> Drawing:
    weekday, weekend = seen.profile.weekday, seen.profile.weekend
    kinds = (
        (translate("dashboard", "Weekdays"), weekday),
        (translate("dashboard", "Weekends"), weekend),
    )

    def words(at: int) -> str:
        lines = [f"{hour(at)} – {hour(at + 1)}"]
        for name, of in kinds:
            if not np.isnan(of.mean[at]):
                template = translate("dashboard", "{kind}: {mean} ({low} to {high})")
                bounds = {"low": kw(float(of.low[at])), "high": kw(float(of.high[at]))}
                lines.append(template.format(kind=name, mean=kw(float(of.mean[at])), **bounds))
        return "\n".join(lines)

    def table() -> Table:
        headings = ["Hour", *(f"{kind} {of} kW" for kind in ("Weekday", "Weekend") for of in SPREAD)]
        columns = [*_spread(weekday), *_spread(weekend)]
        return headings, [(at, *(float(column[at]) for column in columns)) for at in range(HOURS)]

    return Drawing((_spread(weekday), _spread(weekend), Words(words)), table, _busiest(kinds))


SPREAD = ("mean", "10th percentile", "90th percentile")


def heat_map(seen: Overview) -> Drawing:
    days, used = seen.heat_map.days, seen.heat_map.kwh

    def words(at: int) -> str:
        day, of = divmod(at, HOURS)
        return f"{interval(days[day], 'day')}, {hour(of)}\n{energy(float(used[day, of]))}"

    return Drawing(
        (seconds(days), used, Words(words)),
        lambda: (
            ["Day", *(f"{of:02}:00" for of in range(HOURS))],
            [(day, *row) for day, row in zip(instants(days), used.tolist(), strict=True)],
        ),
    )


def load_duration(seen: Overview) -> Drawing:
    share, demand = seen.load_duration.share, seen.load_duration.demand
    template = translate("dashboard", "{share} of the time at least\n{demand}")
    return Drawing(
        (
            share,
            demand,
            Words(
                lambda at: template.format(share=percent(float(share[at]), 1), demand=kw(float(demand[at])))
            ),
        ),
        lambda: (["Share of the time", "Demand kW"], list(zip(share.tolist(), demand.tolist(), strict=True))),
        translate("dashboard", "From {highest} down to {lowest}.").format(
            highest=kw(float(demand[0])), lowest=kw(float(demand[-1]))
        )
        if len(demand)
        else "",
    )


def _spread(of: DayProfile) -> Spread:
    return of.mean, of.low, of.high


def _busiest(kinds: tuple[tuple[str, DayProfile], ...]) -> str:
    template = translate("dashboard", "{kind}: most at {hour} with {demand}.")
    said = []
    for name, of in kinds:
        if np.isfinite(of.mean).any():
            most = int(np.nanargmax(of.mean))
            said.append(template.format(kind=name, hour=hour(most), demand=kw(float(of.mean[most]))))
    return " ".join(said)
