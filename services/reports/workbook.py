"""The report as a workbook: every figure as a number, every chart native, so that it can be worked on."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import numpy as np

from ml.arrays import Floats
from services.alerts import alert_text, severity_text
from services.dashboard import CHARTS, Share
from services.messages import formats, gettext
from services.reports.amounts import FIGURES
from services.reports.book import ENERGY, SHARE, Book, Column, Line
from services.reports.contents import Contents, Paper, dates_of
from services.reports.summary import made_line, notes, period_name, subject_name, summary
from services.reports.svg import ACCENT, FORECAST, HEAT, MUTED, SOFT
from services.tables import DAY, MOMENT

PAPER: dict[Paper, int] = {"us-letter": 1, "a4": 9}
"""By the numbers that printers go by in the file's format."""
TOP = 15
"""Devices in a chart: more would not be told apart."""


def as_workbook(contents: Contents) -> bytes:
    """Return an .xlsx with a sheet for each part; a name that looks like a formula stays text."""
    import xlsxwriter  # not before there is something to write

    stream = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as file:
        title = f"{subject_name(contents)}, {period_name(contents)}"
        file.set_properties({"title": title, "author": contents.made_by, "company": contents.facility.name})
        # A workbook knows no zones: the time is the facility's.
        file.set_properties({"created": contents.made_at.replace(tzinfo=None)})
        book = Book(file, PAPER[contents.paper], title)
        hours = (_profile_sheet, _heat_map_sheet, _duration_sheet) if contents.now.tells_hours else ()
        first, last = (
            (_summary_sheet, _days_sheet, _periods_sheet),
            (_devices_sheet, _categories_sheet, _alerts_sheet),
        )
        for write in (*first, *hours, *last):
            write(book, contents)
    return stream.getvalue()


def _summary_sheet(book: Book, contents: Contents) -> None:
    sheet = book.sheet(gettext("Summary"))
    sheet.write_string(0, 0, subject_name(contents), book.heading)
    sheet.write_string(1, 0, period_name(contents), book.muted)
    row = 3
    for sentence in summary(contents):
        sheet.merge_range(row, 0, row, 5, "", book.cell_format())
        sheet.write_string(row, 0, sentence, book.cell_format(text_wrap=True, valign="top"))
        sheet.set_row(row, 30 if len(sentence) > 100 else 15)
        row += 1
    row += 1
    row += book.table(sheet, _figures(contents), row) + 2
    for term, words in notes(contents):
        sheet.write_string(row, 0, term, book.muted)
        sheet.merge_range(row, 1, row, 5, "", book.muted)
        sheet.write_string(row, 1, words, book.muted)
        sheet.set_row(row, 30 if len(words) > 75 else 15)
        row += 1
    sheet.write_string(row + 1, 0, made_line(contents), book.cell_format(font_color=MUTED))


def _figures(contents: Contents) -> list[Column]:
    names = list(contents.figures)
    figures = [contents.figures[name] for name in names]
    formats = [SHARE if FIGURES[name].is_share else ENERGY for name in names]
    return [
        Column(gettext("Figure"), [gettext(FIGURES[name].label) for name in names], width=24),
        Column(gettext("Unit"), [_unit(name, contents) for name in names], width=12),
        Column(period_name(contents), [f.value for f in figures], formats, 16),
        Column(gettext("Coverage"), [contents.now.figures.coverage] * len(names), SHARE, 12),
        Column(period_name(contents, 1), [f.previous for f in figures], formats, 16),
        Column(period_name(contents, 2), [f.last_year for f in figures], formats, 16),
        Column(gettext("Change"), [_change(name, contents) for name in names], SHARE, 12),
    ]


def _change(name: str, contents: Contents) -> float | None:
    """Of a share there is none: a per cent of a per cent would be read as points."""
    figure = contents.figures[name]
    return None if FIGURES[name].is_share else figure.change


def _unit(name: str, contents: Contents) -> str:
    return contents.facility.currency if name == "cost" else FIGURES[name].unit


def _days_sheet(book: Book, contents: Contents) -> None:
    series = contents.now.consumption
    forecast = contents.expected is not None
    expected = np.full(len(series.kwh), np.nan) if contents.expected is None else contents.expected
    columns = [
        Column(gettext("Day"), dates_of(series.start), DAY),
        Column("kWh", series.kwh.tolist(), ENERGY),
        Column(gettext("Forecast, kWh"), expected.tolist(), ENERGY, 16),
        Column(gettext("Difference"), _differences(series.kwh, expected), SHARE),
    ]
    sheet = book.sheet(gettext("Days"))
    lines = [Line(1, ACCENT, "fill"), Line(2, FORECAST)][: 1 + forecast]
    table = (0, book.table(sheet, columns if forecast else columns[:2]))
    axis = {"date_axis": True, "num_format": "d", "major_gridlines": {"visible": False}}
    for on, place in ((sheet, (1, len(columns) + 1)), (book.front, (0, 7))):
        chart = book.chart(sheet, "column", table, lines, (gettext("Consumption by day"), "kWh"))
        chart.set_x_axis(axis)
        on.insert_chart(*place, chart)


def _periods_sheet(book: Book, contents: Contents) -> None:
    series, monthly = contents.history, contents.period.kind == "month"
    name = gettext("Months") if monthly else gettext("Weeks")
    columns = [
        Column(
            gettext("Month") if monthly else gettext("Week from"),
            [formats().month(day) if monthly else formats().day(day) for day in dates_of(series.start)],
            width=20,
        ),
        Column("kWh", series.kwh.tolist(), ENERGY),
    ]
    lines = [Line(1, ACCENT, "fill")]
    if contents.budget:
        columns.append(Column(gettext("Budget, kWh"), [contents.budget] * len(series.kwh), ENERGY))
        lines.append(Line(2, FORECAST))
    sheet = book.sheet(name)
    table = (0, book.table(sheet, columns))
    for on, place in ((sheet, (1, len(columns) + 1)), (book.front, (16, 7))):
        on.insert_chart(*place, book.chart(sheet, "column", table, lines, (name, "kWh")))


def _profile_sheet(book: Book, contents: Contents) -> None:
    profile = contents.now.profile
    working, weekend = profile.weekday, profile.weekend
    columns = [Column(gettext("Hour"), [f"{hour:02}:00" for hour in range(24)], width=8)]
    for title, values in (
        (gettext("Working day, mean kW"), working.mean),
        (gettext("Working day, 10th percentile"), working.low),
        (gettext("Working day, 90th percentile"), working.high),
        (gettext("Weekend, mean kW"), weekend.mean),
        (gettext("Weekend, 10th percentile"), weekend.low),
        (gettext("Weekend, 90th percentile"), weekend.high),
    ):
        columns.append(Column(title, list(values), ENERGY, 16))
    sheet = book.sheet(CHARTS["profile"].name)
    table = (0, book.table(sheet, columns))
    lines = [Line(1, ACCENT), Line(4, FORECAST)]
    sheet.insert_chart(
        1, len(columns) + 1, book.chart(sheet, "line", table, lines, (CHARTS["profile"].name, "kW"))
    )


def _heat_map_sheet(book: Book, contents: Contents) -> None:
    heat = contents.now.heat_map
    sheet = book.sheet(CHARTS["heat_map"].name)
    hours = [Column(f"{hour:02}", heat.kwh[:, hour].tolist(), "#,##0.0", 7) for hour in range(24)]
    rows = book.table(sheet, [Column(gettext("kWh in the hour"), dates_of(heat.days), DAY, 16), *hours])
    sheet.freeze_panes(1, 1)
    scale = {"type": "3_color_scale", "min_color": HEAT[0], "mid_color": HEAT[2], "max_color": HEAT[4]}
    sheet.conditional_format(1, 1, rows, 24, scale)


def _duration_sheet(book: Book, contents: Contents) -> None:
    curve = contents.now.load_duration
    shares = np.linspace(0.0, 1.0, 101)
    demand = np.interp(shares, curve.share, curve.demand)
    columns = [
        Column(gettext("Share of the time"), shares.tolist(), "0%", 18),
        Column("kW", demand.tolist(), ENERGY),
    ]
    sheet = book.sheet(CHARTS["load_duration"].name)
    table = (0, book.table(sheet, columns))
    chart = book.chart(sheet, "area", table, [Line(1, SOFT, "fill")], (CHARTS["load_duration"].name, "kW"))
    chart.set_x_axis({"num_format": "0%", "interval_unit": 10})
    sheet.insert_chart(1, len(columns) + 1, chart)


def _differences(kwh: Floats, expected: Floats) -> list[float]:
    """By which share each day is above what was expected; NaN where nothing was."""
    unknown = np.full(len(kwh), np.nan)
    ratio = np.divide(kwh, expected, out=unknown, where=expected != 0)
    return [float(share) for share in ratio - 1]


def _devices_sheet(book: Book, contents: Contents) -> None:
    _shares(book, contents, (gettext("Devices"), gettext("Device")), contents.now.devices)


def _categories_sheet(book: Book, contents: Contents) -> None:
    _shares(book, contents, (gettext("Categories"), gettext("Category")), contents.now.categories)


def _shares(book: Book, contents: Contents, names: tuple[str, str], found: list[Share]) -> None:
    sheet = book.sheet(names[0])
    previous = [share.before and share.before.then for share in found]
    columns = [
        Column(names[1], [s.name or gettext("Without a category") for s in found], width=36),
        Column("kWh", [s.kwh for s in found], ENERGY),
        Column(gettext("Share"), [s.share for s in found], SHARE),
        Column(gettext("{period}, kWh", period=period_name(contents, 1)), previous, ENERGY, 20),
        Column(
            gettext("Change"),
            [share.before and share.before.change for share in found],
            SHARE,
        ),
    ]
    rows = book.table(sheet, columns)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
    sheet.conditional_format(
        1, 2, max(rows, 1), 2, {"type": "data_bar", "bar_color": SOFT, "bar_solid": True}
    )
    if rows > 1:
        lines, titles = [Line(1, ACCENT, "fill")], (names[0], "kWh")
        chart = book.chart(sheet, "bar", (0, min(rows, TOP)), lines, titles)
        # The greatest at the top, as in the table.
        chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 620, "height": 80 + 26 * min(rows, TOP)})
        sheet.insert_chart(1, len(columns) + 1, chart)


def _alerts_sheet(book: Book, contents: Contents) -> None:
    zone = ZoneInfo(contents.timezone)
    events = contents.events

    def local(value: datetime) -> datetime:
        return value.astimezone(zone).replace(tzinfo=None)

    sheet = book.sheet(gettext("Alerts"))
    columns = [
        Column(gettext("From"), [local(e.start) for e in events], MOMENT, 18),
        Column(gettext("To"), [local(e.end) for e in events], MOMENT, 18),
        Column(gettext("Device"), [e.device for e in events], width=28),
        Column(gettext("Severity"), [severity_text(e.severity) for e in events], width=10),
        Column(gettext("Expected, kWh"), [e.expected for e in events], ENERGY),
        Column(gettext("Actual, kWh"), [e.actual for e in events], ENERGY),
        Column(gettext("What happened"), [alert_text(e, contents.timezone) for e in events], width=100),
    ]
    rows = book.table(sheet, columns)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
