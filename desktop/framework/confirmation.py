"""Ask before something is deleted."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from desktop import theme

ICON = QSize(40, 40)
WIDTH = 340


def confirm(
    parent: QWidget, question: str, consequence: str, action: str, confirmed: Callable[[], None]
) -> QMessageBox:
    """Show ``question`` and ``consequence``; call ``confirmed`` if the button named ``action`` is chosen.

    Returns at once: the box is modal to its window, and Cancel is the default.
    """
    box = QMessageBox(QMessageBox.Icon.Warning, parent.window().windowTitle(), question, parent=parent)
    box.setIconPixmap(theme.icon("alert-outline", "danger").pixmap(ICON, parent.devicePixelRatio()))
    box.setInformativeText(consequence)
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)  # names stand in both, and may look like HTML
    for label in box.findChildren(QLabel, "qt_msgbox_informativelabel"):
        label.setMinimumWidth(WIDTH)  # the box would wrap a short sentence into a tall column
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    go = box.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
    go.setObjectName("confirm")
    go.setProperty("role", "danger")
    go.setAutoDefault(False)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.buttonClicked.connect(lambda button: confirmed() if button is go else None)
    box.open()
    cancel.setFocus()
    return box
