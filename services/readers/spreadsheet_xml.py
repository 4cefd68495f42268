"""Read SpreadsheetML, the XML that Excel 2003 wrote and many programs still do, often named .xls."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.parsers import expat

from services.readers import limits
from services.readers.columns import EXACT
from services.readers.rows import Cell, sheet_of_rows
from services.readers.sheet import HIDDEN, LeftOut, RawSheet
from services.readers.xml_stream import DEEPEST, parse, too_deep


class Book:
    """The handlers of a document (`xml_stream.Handlers`). Raises ValueError for what no such file has."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, list[list[Cell]]]] = []
        self.hidden: set[int] = set()
        """Positions of the sheets that the program does not show."""
        self._text: list[str] | None = None
        self._kind = ""
        self._across = 0
        self._depth = 0
        self.elements = 0

    def characters(self, text: str) -> None:
        """Keep text of a cell."""
        if self._text is not None:
            self._text.append(text)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin a sheet, a row or a cell."""
        self.elements += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_deep()
        name = tag.rpartition(" ")[2]
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "Worksheet":
            self.sheets.append((said.get("Name", ""), []))
            if len(self.sheets) > limits.SHEETS:
                raise ValueError(f"it has more than {limits.SHEETS} sheets")
        elif name == "Row" and self.sheets:
            self._begin_row(int(said.get("Index", 0)))
        elif name == "Cell" and self.sheets and self.sheets[-1][1]:
            self._begin_cell(int(said.get("Index", 0)), int(said.get("MergeAcross", 0)))
        elif name == "Data":
            self._text, self._kind = [], said.get("Type", "String")
        elif name == "Visible":
            self._text = []

    def end(self, tag: str) -> None:
        """Keep what a cell holds."""
        self._depth -= 1
        name = tag.rpartition(" ")[2]
        if name not in ("Data", "Visible") or self._text is None:
            return
        text, self._text = "".join(self._text), None
        if name == "Visible" and self.sheets and text.strip() != "SheetVisible":
            self.hidden.add(len(self.sheets) - 1)
        elif name == "Data" and self.sheets and self.sheets[-1][1] and self.sheets[-1][1][-1]:
            self.sheets[-1][1][-1][-1 - self._across] = _cell(text, self._kind)

    def _begin_row(self, index: int) -> None:
        rows = self.sheets[-1][1]
        if index > limits.CELLS:
            raise ValueError(f"it has a row {index}")
        rows += [[] for _ in range(index - 1 - len(rows))]
        rows.append([])

    def _begin_cell(self, index: int, across: int) -> None:
        row = self.sheets[-1][1][-1]
        if max(index, len(row)) + across > limits.WIDEST:
            raise ValueError(f"a row has more than {limits.WIDEST} cells")
        row += [None] * (index - 1 - len(row))
        row += [None] * (1 + max(across, 0))
        self._across = max(across, 0)


def open_spreadsheet_xml(path: Path) -> list[RawSheet]:
    """Return every sheet that is shown; raises `FileRefused`."""
    limits.check_size(path)
    book = Book()
    try:
        parse(path, book)
    except (expat.ExpatError, ValueError, OverflowError) as error:
        raise limits.unreadable(path, error) from None
    hidden = book.hidden if len(book.hidden) < len(book.sheets) else set()
    shown = [sheet for place, sheet in enumerate(book.sheets) if place not in hidden]
    sheets = [sheet_of_rows(path, name, rows) for name, rows in shown]
    left = tuple(LeftOut(book.sheets[place][0], HIDDEN) for place in sorted(hidden))
    return [replace(sheet, left_out=() if number else left) for number, sheet in enumerate(sheets)]


def _cell(text: str, kind: str) -> Cell:
    if kind == "Number":
        number = float(text)
        return text if abs(number) >= EXACT else number
    if kind == "DateTime":
        return datetime.fromisoformat(text.strip())
    return text or None
