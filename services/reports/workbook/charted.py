"""The sheets of what changes over time, each with its chart."""

from typing import Any

import numpy as np

from services.dashboard.selection import Values
from services.reports.contents import Contents
from services.reports.pages.charts.palette import ACCENT, FORECAST, HEAT, SOFT
from services.reports.workbook.book import ENERGY, SHARE, Book, Column, Line
from services.tables import DAY


def days_sheet(book: Book, contents: Contents) -> None:
    say, series = book.wording.say, contents.now.consumption
    forecast = contents.expected is not None
    expected = np.full(len(series.kwh), np.nan) if contents.expected is None else contents.expected
    columns = [
        Column(say("Day"), _days(series.start), DAY),
        Column("kWh", series.kwh.tolist(), ENERGY),
        Column(say("Forecast, kWh"), expected.tolist(), ENERGY, 16),
        Column(say("Difference"), _differences(series.kwh, expected), SHARE),
    ]
    sheet = book.sheet(say("Days"))
    lines = [Line(1, ACCENT, "fill"), Line(2, FORECAST)][: 1 + forecast]
    table = (0, book.table(sheet, columns if forecast else columns[:2]))
    axis = {"date_axis": True, "num_format": "d", "major_gridlines": {"visible": False}}
    for on, place in ((sheet, (1, len(columns) + 1)), (book.front, (0, 7))):
        chart = book.chart(sheet, "column", table, lines, (say("Consumption by day"), "kWh"))
        chart.set_x_axis(axis)
        on.insert_chart(*place, chart)


def periods_sheet(book: Book, contents: Contents) -> None:
    wording, series, monthly = book.wording, contents.history, contents.period.kind == "month"
    name = wording.say("Months") if monthly else wording.say("Weeks")
    columns = [
        Column(
            wording.say("Month") if monthly else wording.say("Week from"),
            [wording.month(day) if monthly else wording.day(day) for day in _days(series.start)],
            width=20,
        ),
        Column("kWh", series.kwh.tolist(), ENERGY),
    ]
    lines = [Line(1, ACCENT, "fill")]
    if contents.budget:
        columns.append(Column(wording.say("Budget, kWh"), [contents.budget] * len(series.kwh), ENERGY))
        lines.append(Line(2, FORECAST))
    sheet = book.sheet(name)
    table = (0, book.table(sheet, columns))
    for on, place in ((sheet, (1, len(columns) + 1)), (book.front, (16, 7))):
        on.insert_chart(*place, book.chart(sheet, "column", table, lines, (name, "kWh")))


def profile_sheet(book: Book, contents: Contents) -> None:
    say, profile = book.wording.say, contents.now.profile
    kinds = ((say("Working day"), profile.weekday), (say("Weekend"), profile.weekend))
    columns = [Column(say("Hour"), [f"{hour:02}:00" for hour in range(24)], width=8)]
    for kind, day in kinds:
        for template, values in (
            (say("{kind}, mean kW", kind=kind), day.mean),
            (say("{kind}, 10th percentile", kind=kind), day.low),
            (say("{kind}, 90th percentile", kind=kind), day.high),
        ):
            columns.append(Column(template, list(values), ENERGY, 16))
    sheet = book.sheet(say("Average day"))
    table = (0, book.table(sheet, columns))
    lines = [Line(1, ACCENT), Line(4, FORECAST)]
    sheet.insert_chart(
        1, len(columns) + 1, book.chart(sheet, "line", table, lines, (say("Average day"), "kW"))
    )


def heat_map_sheet(book: Book, contents: Contents) -> None:
    heat, say = contents.now.heat_map, book.wording.say
    sheet = book.sheet(say("Heat map"))
    hours = [Column(f"{hour:02}", heat.kwh[:, hour].tolist(), "#,##0.0", 7) for hour in range(24)]
    rows = book.table(sheet, [Column(say("kWh in the hour"), _days(heat.days), DAY, 16), *hours])
    sheet.freeze_panes(1, 1)
    scale = {"type": "3_color_scale", "min_color": HEAT[0], "mid_color": HEAT[2], "max_color": HEAT[4]}
    sheet.conditional_format(1, 1, rows, 24, scale)


def duration_sheet(book: Book, contents: Contents) -> None:
    say, curve = book.wording.say, contents.now.load_duration
    shares = np.linspace(0.0, 1.0, 101)
    demand = np.interp(shares, curve.share, curve.demand)
    columns = [
        Column(say("Share of the time"), shares.tolist(), "0%", 18),
        Column("kW", demand.tolist(), ENERGY),
    ]
    sheet = book.sheet(say("Load duration"))
    table = (0, book.table(sheet, columns))
    chart = book.chart(sheet, "area", table, [Line(1, SOFT, "fill")], (say("Load duration"), "kW"))
    chart.set_x_axis({"num_format": "0%", "interval_unit": 10})
    sheet.insert_chart(1, len(columns) + 1, chart)


def _differences(kwh: Values, expected: Values) -> list[float]:
    """By which share each day is above what was expected; NaN where nothing was."""
    unknown = np.full(len(kwh), np.nan)
    ratio = np.divide(kwh, expected, out=unknown, where=expected != 0)
    return [float(share) for share in ratio - 1]


def _days(times: np.ndarray[Any, np.dtype[np.datetime64]]) -> list[Any]:
    days: list[Any] = times.astype("datetime64[D]").tolist()
    return days
