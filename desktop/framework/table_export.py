"""Tables that the user saves as a file."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from PySide6.QtCore import QObject, Signal

from desktop.framework.tasks import run
from services.tables import write_table

Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""Headings, and the cells row by row."""


class TableExport(QObject):
    """``saved`` with the path, or ``failed`` with the reason."""

    saved = Signal(str)
    failed = Signal(str)

    def save(self, path: str, table: Table) -> None:
        """Write a table as .csv or .xlsx, as the path's suffix says."""
        headings, rows = table
        frame = pd.DataFrame(rows, columns=list(headings))
        task = run(write_table, frame, Path(path), parent=self, with_progress=True)
        task.succeeded.connect(lambda: self.saved.emit(path))
        task.failed.connect(self.failed)
