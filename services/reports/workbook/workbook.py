"""The report as a workbook: every figure as a number, every chart native, so that it can be worked on."""

from io import BytesIO

from services.reports.contents import Contents
from services.reports.naming import named, period_name
from services.reports.wording import Wording
from services.reports.workbook.book import Book
from services.reports.workbook.charted import (
    days_sheet,
    duration_sheet,
    heat_map_sheet,
    periods_sheet,
    profile_sheet,
)
from services.reports.workbook.front import summary_sheet
from services.reports.workbook.listed import alerts_sheet, categories_sheet, devices_sheet

PAPER = {"us-letter": 1, "a4": 9}
"""By the numbers that printers go by in the file's format."""


def as_workbook(contents: Contents, wording: Wording) -> bytes:
    """An .xlsx with a sheet for each part; a name that looks like a formula stays text."""
    import xlsxwriter  # not before there is something to write

    stream = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as file:
        title = f"{named(contents, wording)}, {period_name(wording, contents)}"
        file.set_properties({"title": title, "author": contents.made_by, "company": contents.facility.name})
        # A workbook knows no zones: the time is the facility's.
        file.set_properties({"created": contents.made_at.replace(tzinfo=None)})
        book = Book(file, wording, PAPER[wording.paper], title)
        for write in (
            summary_sheet,
            days_sheet,
            periods_sheet,
            profile_sheet,
            heat_map_sheet,
            duration_sheet,
            devices_sheet,
            categories_sheet,
            alerts_sheet,
        ):
            write(book, contents)
    return stream.getvalue()
