"""Asks whether dates begin with the day or with the month."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.features.imports.mapping import ImportMapping
from desktop.widgets.plain_label import PlainLabel


class ImportOrderQuestion(QFrame):
    """Visible only while a sheet's dates do not tell."""

    def __init__(self, mapping: ImportMapping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mapping = mapping
        self.setProperty("role", "card")
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.day = QPushButton(self.tr("&Day first"), self)
        self.month = QPushButton(self.tr("M&onth first"), self)
        buttons = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.addWidget(self.words)
        layout.addLayout(buttons)
        for button, day_first in ((self.day, True), (self.month, False)):
            buttons.addWidget(button)
            button.clicked.connect(lambda _=False, first=day_first: mapping.set("day_first", first))
        buttons.addStretch()
        mapping.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        date = self._mapping.ambiguous_date
        self.setVisible(bool(date))
        self.words.setText(
            self.tr(
                "Do dates such as {date} begin with the day or with the month? Nothing in the file tells."
            ).format(date=date)
        )
        for button in (self.day, self.month):
            button.setAccessibleDescription(self.words.text())
