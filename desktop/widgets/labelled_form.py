"""A form whose labels stand level with their fields."""

from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QWidget


class LabelledForm(QFormLayout):
    """`add` puts one field below the other; the mnemonic of its label moves the focus to it."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(10)

    def add(self, label: str | QLabel, field: QWidget) -> None:
        words = QLabel(label) if isinstance(label, str) else label
        # A row of several widgets takes no focus itself.
        words.setBuddy(field.focusProxy() or field)
        # As tall as its field.
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.addRow(words, field)
