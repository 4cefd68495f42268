"""Tables and charts on the sheets of a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from services.messages import gettext
from services.reports.svg import ACCENT, INK, MUTED, RULE
from services.tables import is_formula_like

ENERGY, SHARE = "#,##0.00", "0.0%"
"""Formats; a spreadsheet program writes them with its own country's separators."""
WIDE, HIGH = 760, 300
"""Size of a chart, in pixels."""

NumberFormat = str | int
"""A pattern, or the number of a built-in one."""


@dataclass(frozen=True)
class Column:
    """``values`` may hold None, which leaves a cell empty; ``format`` is of all cells, or of each;
    ``width`` is in letters."""

    title: str
    values: Sequence[object]
    format: NumberFormat | Sequence[NumberFormat] = ""
    width: float = 14

    def format_of(self, row: int) -> NumberFormat:
        """Return that of one cell."""
        return self.format if isinstance(self.format, NumberFormat) else self.format[row]


@dataclass(frozen=True)
class Line:
    """One series of a chart: a column of a table by its place, and how it is drawn."""

    column: int
    colour: str = ACCENT
    kind: str = "line"


@dataclass(frozen=True)
class Book:
    """The workbook that is being written."""

    file: Any
    paper: int
    title: str
    cell_formats: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @property
    def front(self) -> Any:
        """The first sheet."""
        return self.file.worksheets()[0]

    @cached_property
    def heading(self) -> Any:
        return self.file.add_format({"bold": True, "font_size": 16, "font_color": INK})

    @cached_property
    def muted(self) -> Any:
        return self.file.add_format({"font_color": MUTED, "text_wrap": True, "valign": "top"})

    def cell_format(self, number_format: NumberFormat = "", **more: object) -> Any:
        """Return a format of cells, made once."""
        key = (number_format, *sorted(more.items()))
        if key not in self.cell_formats:
            number = {"num_format": number_format} if number_format else {}
            self.cell_formats[key] = self.file.add_format({**number, **more})
        return self.cell_formats[key]

    def sheet(self, name: str) -> Any:
        """Add a sheet that prints on whole pages with their numbers."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(self.paper)
        sheet.fit_to_pages(1, 0)
        page = gettext("Page {page} of {pages}", page="&P", pages="&N")
        # An ampersand in a name would begin a code.
        sheet.set_footer(f"&L{self.title.replace('&', '&&')[:200]}&R{page}")
        return sheet

    def table(self, sheet: Any, columns: Sequence[Column], top: int = 0) -> int:
        """Write a table with its header in row ``top``, frozen if that is the first; return its row count."""
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(top, place, column.title, self._header(column))
            for row, value in enumerate(column.values):
                self._write(sheet, (top + 1 + row, place), value, column.format_of(row))
        if top == 0:
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
        return len(columns[0].values)

    def _header(self, column: Column) -> Any:
        return self.cell_format(
            align="right" if column.format else "left",
            valign="bottom",
            bold=True,
            bottom=1,
            bottom_color=MUTED,
            font_color=MUTED,
            text_wrap=True,
        )

    def _write(self, sheet: Any, cell: tuple[int, int], value: object, number_format: NumberFormat) -> None:
        if isinstance(value, str):
            # It stays text when someone edits the cell.
            kept = is_formula_like(value)
            sheet.write_string(*cell, value, self.cell_format(number_format, quote_prefix=kept))
        elif isinstance(value, datetime | date):
            sheet.write_datetime(*cell, value, self.cell_format(number_format))
        elif value is not None and value == value:
            sheet.write_number(*cell, value, self.cell_format(number_format))

    def chart(
        self, sheet: Any, kind: str, table: tuple[int, int], lines: Sequence[Line], titles: tuple[str, str]
    ) -> Any:
        """Add a native chart over a table of (header's row, rows): its first column is the axis."""
        top, rows = table
        chart = self.file.add_chart({"type": kind})
        second = self.file.add_chart({"type": "line"})
        for line in lines:
            over = kind == "column" and line.kind == "line"
            (second if over else chart).add_series(_series(sheet.get_name(), top, rows, kind, line))
        if second.series:
            chart.combine(second)
        title, unit = titles
        chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
        axis = {"num_font": {"color": MUTED}, "line": {"color": RULE}}
        chart.set_x_axis({**axis, "major_gridlines": {"visible": False}})
        chart.set_y_axis(
            {**axis, "name": unit, "min": 0, "major_gridlines": {"visible": True, "line": {"color": RULE}}}
        )
        chart.set_legend({"position": "bottom"} if len(lines) > 1 else {"none": True})
        chart.set_size({"width": WIDE, "height": HIGH})
        return chart


def _series(sheet: str, top: int, rows: int, kind: str, line: Line) -> dict[str, Any]:
    drawn: dict[str, Any] = {"line": {"color": line.colour, "width": 1.75}}
    if line.kind == "fill":
        drawn = {"fill": {"color": line.colour}, "gap": 40}
    return {
        "name": [sheet, top, line.column],
        "categories": [sheet, top + 1, 0, top + rows, 0],
        "values": [sheet, top + 1, line.column, top + rows, line.column],
        **drawn,
    }
