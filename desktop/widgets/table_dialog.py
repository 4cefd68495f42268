"""A question for the file that a table is saved in."""

from collections.abc import Callable

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QWidget


def table_dialog(title: str, name: str, chosen: Callable[[str], object], parent: QWidget) -> QFileDialog:
    """Return a dialog that calls ``chosen`` with the path of a .xlsx or .csv; ``name`` is suggested."""
    dialog = QFileDialog(parent, title, QDir.homePath())
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["XLSX (*.xlsx)", "CSV (*.csv)"])
    dialog.setDefaultSuffix("xlsx")
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kind[:4].strip().lower()))
    dialog.selectFile(name)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
