"""The system's dialog to choose a printer."""

from collections.abc import Callable

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget


def print_dialog(
    parent: QWidget, name: str, size: QPageSize.PageSizeId, pages: int, chosen: Callable[[QPrinter], object]
) -> QPrintDialog:
    """Open it for a document of this name and size; ``chosen`` with the printer that the user agrees to."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(size))
    # The pages have margins of their own.
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF())
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, pages)
    dialog.accepted.connect(lambda: chosen(printer))
    QDialog.open(dialog)  # its own one wants a slot by name
    return dialog
