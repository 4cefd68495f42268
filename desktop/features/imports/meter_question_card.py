"""Asks whose readings a file has."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.plain_label import PlainLabel

ANSWERS = 3


class ImportMeterQuestion(QFrame):
    """Visible only while an import waits for the answer; each button goes on with it."""

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setProperty("role", "card")
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.answers = [QPushButton(self) for _ in range(ANSWERS)]
        buttons = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.addWidget(self.words)
        layout.addLayout(buttons)
        for place, button in enumerate(self.answers):
            buttons.addWidget(button)
            button.clicked.connect(lambda _=False, place=place: view_model.answer(place))
        buttons.addStretch()
        view_model.mapping.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        asked = self._view_model.mapping.meter_question
        self.setVisible(asked is not None)
        if asked is None:
            return
        self.words.setText(asked.sentence)
        for button, (text, _answer) in zip(self.answers, asked.answers, strict=True):
            button.setText(text)
            button.setAccessibleName(text.replace("&", ""))
            button.setAccessibleDescription(asked.sentence)
