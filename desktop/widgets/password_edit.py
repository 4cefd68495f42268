"""A password field whose text can be shown."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop import theme


class PasswordEdit(QLineEdit):
    """Hides what is typed until the eye at its end, or Ctrl+R, shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reveal = QAction(self)
        self.reveal.setCheckable(True)
        self.reveal.setShortcut(QKeySequence("Ctrl+R"))
        self.reveal.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.reveal.toggled.connect(self._show)
        self.addAction(self.reveal, QLineEdit.ActionPosition.TrailingPosition)
        self._show(False)

    def _show(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.reveal.setIcon(theme.icon("eye-off" if shown else "eye", "muted"))
        text = self.tr("Hide the password") if shown else self.tr("Show the password")
        keys = self.reveal.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.reveal.setText(text)
        self.reveal.setToolTip(f"{text} ({keys})")
