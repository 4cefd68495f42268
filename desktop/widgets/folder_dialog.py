"""A question for a folder."""

from collections.abc import Callable

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QWidget


def folder_dialog(title: str, chosen: Callable[[str], object], parent: QWidget) -> QFileDialog:
    """A dialog that calls ``chosen`` with the folder; it begins in the user's own."""
    dialog = QFileDialog(parent, title, QDir.homePath())
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(chosen)
    return dialog
