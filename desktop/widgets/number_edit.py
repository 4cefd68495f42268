"""A field for a number that may be left empty."""

from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QLineEdit, QWidget

DECIMALS = 3
MOST = 1e9


class NumberEdit(QLineEdit):
    """``value`` is None while it is empty; what is no number from 0 up in the user's locale is not taken."""

    def __init__(self, parent: QWidget | None = None, decimals: int = DECIMALS) -> None:
        super().__init__(parent)
        validator = QDoubleValidator(0, MOST, decimals, self)
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        self.setValidator(validator)

    @property
    def value(self) -> float | None:
        return self.locale().toDouble(self.text())[0] if self.text() else None

    def set_value(self, value: float | None) -> None:
        self.setText("" if value is None else self.locale().toString(float(value), "g", 12))
