"""Read the tables of a web page, which many programs save under the name of a spreadsheet (.xls)."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from services.readers import limits
from services.readers.encodings import encoding_of
from services.readers.rows import Cell, sheet_of_rows
from services.readers.sheet import FileRefused, RawSheet

CHARSET = re.compile(rb"""charset=["']?([\w-]+)""", re.IGNORECASE)
DECLARED_WITHIN = 4096
CHUNK = 2**20
MOST_TABLES = limits.SHEETS
WIDEST_SPAN = 1000
UNSEEN = {"script", "style"}


class Table:
    """The cells of a table as they come; a cell that spans others leaves these empty."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.has_tables = False
        self._below: dict[int, int] = {}
        """How many further rows a cell above takes in each column."""

    def begin_row(self) -> None:
        self.rows.append([])
        self._skip()

    def add(self, text: str, across: int, down: int) -> None:
        """Append a cell to the last row."""
        if not self.rows:
            self.begin_row()
        row = self.rows[-1]
        for place in range(across):
            if down > 1:
                self._below[len(row)] = down - 1
            row.append(text if place == 0 else None)
        if len(row) > limits.WIDEST:
            raise ValueError(f"a row has more than {limits.WIDEST} cells")
        self._skip()

    def _skip(self) -> None:
        """Leave the places empty that cells of rows above take."""
        row = self.rows[-1]
        while left := self._below.get(len(row), 0):
            self._below[len(row)] = left - 1
            row.append(None)


class Page(HTMLParser):
    """Gathers the tables of a page, also of one whose elements are not closed. No link is followed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self._open: list[Table] = []
        self._cells: list[tuple[list[str], int, int] | None] = []
        """The cell that is open in each open table: its text, and the columns and rows that it spans."""
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen = tag
        elif tag == "table":
            self._begin_table()
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].begin_row()
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            said = dict(attrs)
            self._cells[-1] = ([], _span(said.get("colspan")), _span(said.get("rowspan")))
        elif tag in ("br", "p", "div"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in ("td", "th", "tr", "table") and self._open:
            self._end_cell()
            if tag == "table":
                self._open.pop()
                self._cells.pop()

    def handle_data(self, data: str) -> None:
        if self._cells and self._cells[-1] and not self._unseen:
            self._cells[-1][0].append(data)

    def finish(self) -> None:
        """End what the page left open."""
        self.close()
        if self._open:
            self._end_cell()

    def _begin_table(self) -> None:
        if self._open:
            self._open[-1].has_tables = True
        table = Table()
        self.tables.append(table)
        self._open.append(table)
        self._cells.append(None)
        if len(self.tables) > MOST_TABLES:
            raise ValueError(f"it has more than {MOST_TABLES} tables")

    def _end_cell(self) -> None:
        cell = self._cells[-1]
        if cell:
            self._open[-1].add(" ".join("".join(cell[0]).split()), *cell[1:])
            self._cells[-1] = None


def open_html(path: Path) -> list[RawSheet]:
    """Return a sheet for each table of a page; raises `FileRefused`. A table of tables is only layout."""
    limits.check_size(path)
    page = Page()
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            while chunk := file.read(CHUNK):
                page.feed(chunk)
        page.finish()
    except (ValueError, AssertionError, RecursionError) as error:
        raise FileRefused(
            "{file} cannot be read as a web page with tables ({reason}). Save it as .xlsx or CSV.",
            file=path.name,
            reason=error,
        ) from None
    tables = [table for table in page.tables if not table.has_tables and len(table.rows) > 1]
    sheets = [sheet_of_rows(path, f"Table {number}", table.rows) for number, table in enumerate(tables, 1)]
    if not any(sheet.head for sheet in sheets):
        raise FileRefused(
            "{file} is a web page without a table of readings. Save the readings as .xlsx or CSV.",
            file=path.name,
        )
    return sheets


def _encoding(path: Path) -> str:
    """Return the encoding that the page declares, else the one that its bytes tell."""
    with path.open("rb") as file:
        found = CHARSET.search(file.read(DECLARED_WITHIN))
    if found:
        try:
            name = codecs.lookup(found[1].decode("ascii")).name
            with path.open(encoding=name, newline="") as file:
                while file.read(CHUNK):
                    pass
            return name
        except (LookupError, UnicodeError):
            pass
    return encoding_of(path)


def _span(said: str | None) -> int:
    return min(max(int(said), 1), WIDEST_SPAN) if said and said.isdecimal() else 1
