"""Tables whose headings sort them."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.framework.record_table import Column, RecordTable, natural
from desktop.widgets.record_view import RecordView

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def test_a_heading_sorts_and_asks_each_row_once(qtbot: QtBot) -> None:
    asked: list[str] = []

    def order(name: str) -> str:
        asked.append(name)
        return natural(name)

    table: RecordTable[str] = RecordTable([Column("Name", str, order)], str)
    view = RecordView("Buildings", table, sorts=True)
    qtbot.addWidget(view)
    names = [f"Building {number * 7 % 500}" for number in range(500)]
    table.show(names)

    def shown(row: int) -> str:
        return str(view.model().index(row, 0).data())

    view.choose(names.index("Building 77"))
    view.horizontalHeader().setSortIndicator(0, DOWN)
    assert [shown(0), shown(499), shown(view.row)] == ["Building 499", "Building 0", "Building 77"]
    assert len(asked) == 500
    table.show([*names, "Building 500"])
    assert [shown(0), shown(1), shown(view.row)] == ["Building 500", "Building 499", "Building 77"]
    view.sortByColumn(0, UP)
    assert [shown(0), shown(1)] == ["Building 0", "Building 1"]
    assert table.records == [*names, "Building 500"]
    view.sortByColumn(-1, UP)
    assert [shown(row) for row in range(501)] == [*names, "Building 500"]
