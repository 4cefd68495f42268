"""Take note of alerts, with a word on what became of them."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

SIZE = QSize(420, 220)


class AlertNoteDialog(QDialog):
    """``text`` is what was noted, perhaps nothing."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(
            self.tr("Acknowledge the alert")
            if count == 1
            else self.tr("Acknowledge {count} alerts").format(count=count)
        )
        label = QLabel(self.tr("&Note for those who come after you (may be empty)"), self)
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(self.tr("such as: the caretaker switched it off"))
        label.setBuddy(self.note)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        accept = self.buttons.addButton(self.tr("Ac&knowledge"), QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setProperty("role", "primary")
        accept.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(10)
        layout.addWidget(label)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.resize(SIZE)

    @property
    def text(self) -> str:
        return self.note.toPlainText()
