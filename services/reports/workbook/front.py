"""The first sheet: sentences, figures and what stands behind them."""

from services.reports import amounts
from services.reports.contents import Contents
from services.reports.figures import FIGURE_NAMES
from services.reports.naming import named, period_name
from services.reports.notes import notes
from services.reports.summary import summary
from services.reports.wording import Wording
from services.reports.workbook.book import ENERGY, SHARE, Book, Column

UNITS = {"peak_demand": "kW", "baseload": "kW", "co2": "kg", "eui": "kWh/m²", "load_factor": ""}


def summary_sheet(book: Book, contents: Contents) -> None:
    wording = book.wording
    sheet = book.sheet(wording.say("Summary"))
    sheet.write_string(0, 0, named(contents, wording), book.heading)
    sheet.write_string(1, 0, period_name(wording, contents), book.muted)
    row = 3
    for sentence in summary(contents, wording):
        sheet.merge_range(row, 0, row, 5, "", book.look())
        sheet.write_string(row, 0, sentence, book.look(text_wrap=True, valign="top"))
        sheet.set_row(row, 30 if len(sentence) > 100 else 15)
        row += 1
    row += 1
    row += book.table(sheet, _figures(contents, wording), row) + 2
    for term, words in notes(contents, wording):
        sheet.write_string(row, 0, term, book.muted)
        sheet.merge_range(row, 1, row, 5, "", book.muted)
        sheet.write_string(row, 1, words, book.muted)
        sheet.set_row(row, 30 if len(words) > 75 else 15)
        row += 1
    made = {"day": wording.day(contents.made_at), "time": wording.time(contents.made_at)}
    told = wording.say("Made on {day} at {time} by {program}", program=contents.made_by, **made)
    sheet.write_string(row + 1, 0, told, book.look(font_color="#566173"))


def _figures(contents: Contents, wording: Wording) -> list[Column]:
    say, names = wording.say, list(contents.figures)
    figures = [contents.figures[name] for name in names]
    formats = [SHARE if name == "load_factor" else ENERGY for name in names]
    return [
        Column(say("Figure"), [say(FIGURE_NAMES[name]) for name in names], width=24),
        Column(say("Unit"), [_unit(name, contents) for name in names], width=12),
        Column(period_name(wording, contents), [f.value for f in figures], formats, 16),
        Column(period_name(wording, contents, 1), [f.previous for f in figures], formats, 16),
        Column(period_name(wording, contents, 2), [f.last_year for f in figures], formats, 16),
        Column(say("Change"), [_change(name, contents) for name in names], SHARE, 12),
    ]


def _change(name: str, contents: Contents) -> float | None:
    """Of a share there is none: a per cent of a per cent would be read as points."""
    figure = contents.figures[name]
    return None if name == "load_factor" else amounts.change(figure.value, figure.previous)


def _unit(name: str, contents: Contents) -> str:
    return contents.facility.currency if name == "cost" else UNITS.get(name, "kWh")
