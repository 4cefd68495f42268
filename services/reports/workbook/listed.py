"""The sheets that list devices, categories and alerts, all of them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.dashboard import Share
from services.reports import amounts
from services.reports.contents import Contents
from services.reports.figures import SEVERITIES
from services.reports.naming import period_name
from services.reports.pages.charts.palette import ACCENT, SOFT
from services.reports.workbook.book import ENERGY, SHARE, Book, Column, Line
from services.tables import MOMENT

TOP = 15
"""Devices in a chart: more would not be told apart."""


def devices_sheet(book: Book, contents: Contents) -> None:
    before = contents.before.devices if contents.before else []
    _shares(
        book,
        contents,
        (book.wording.say("Devices"), book.wording.say("Device")),
        contents.now.devices,
        before,
    )


def categories_sheet(book: Book, contents: Contents) -> None:
    before = contents.before.categories if contents.before else []
    say = book.wording.say
    _shares(book, contents, (say("Categories"), say("Category")), contents.now.categories, before)


def _shares(
    book: Book, contents: Contents, names: tuple[str, str], found: list[Share], before: list[Share]
) -> None:
    wording, earlier = book.wording, {share.id: share.kwh for share in before}
    sheet = book.sheet(names[0])
    previous = [earlier.get(share.id) for share in found]
    columns = [
        Column(names[1], [s.name or wording.say("Without a category") for s in found], width=36),
        Column("kWh", [s.kwh for s in found], ENERGY),
        Column(wording.say("Share"), [s.share for s in found], SHARE),
        Column(f"{period_name(wording, contents, 1)}, kWh", previous, ENERGY, 20),
        Column(
            wording.say("Change"),
            [amounts.change(s.kwh, other) for s, other in zip(found, previous, strict=True)],
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


def alerts_sheet(book: Book, contents: Contents) -> None:
    say, zone = book.wording.say, ZoneInfo(contents.timezone)
    events = contents.events

    def local(value: datetime) -> datetime:
        return value.astimezone(zone).replace(tzinfo=None)

    sheet = book.sheet(say("Alerts"))
    columns = [
        Column(say("From"), [local(e.start) for e in events], MOMENT, 18),
        Column(say("To"), [local(e.end) for e in events], MOMENT, 18),
        Column(say("Device"), [e.device for e in events], width=28),
        Column(say("Severity"), [say(SEVERITIES[e.severity]) for e in events], width=10),
        Column(say("Expected, kWh"), [e.expected for e in events], ENERGY),
        Column(say("Actual, kWh"), [e.actual for e in events], ENERGY),
        Column(say("What happened"), [e.message for e in events], width=100),
    ]
    rows = book.table(sheet, columns)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
