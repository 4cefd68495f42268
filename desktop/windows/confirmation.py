"""Ask before something is deleted."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def confirm(
    parent: QWidget, question: str, consequence: str, action: str, confirmed: Callable[[], None]
) -> QMessageBox:
    """Show ``question`` and ``consequence``; call ``confirmed`` if the button named ``action`` is chosen.

    Returns at once: the box is modal to its window, and Cancel is the default.
    """
    box = QMessageBox(QMessageBox.Icon.Warning, parent.window().windowTitle(), question, parent=parent)
    box.setInformativeText(consequence)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    go = box.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
    go.setObjectName("confirm")
    go.setProperty("role", "danger")
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.buttonClicked.connect(lambda button: confirmed() if button is go else None)
    box.open()
    return box
