"""Sentences one below the other, each with a sign whether all is well."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop import theme
from desktop.widgets.plain_label import PlainLabel

ICON = QSize(18, 18)


class FindingList(QWidget):
    """Hidden while there is nothing to tell; the sentences can be copied."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows: list[tuple[QLabel, QLabel, bool]] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(8)
        self._layout.setVerticalSpacing(6)
        self._layout.setColumnStretch(1, 1)
        theme.changed.connect(self._paint)
        self.hide()

    @property
    def text(self) -> str:
        """All that is shown, a line each."""
        return "\n".join(words.text() for _, words, _ in self._rows)

    def show_findings(self, findings: Iterable[tuple[str, bool]]) -> None:
        """Sentences, and whether all is well with what each tells."""
        for icon, words, _ in self._rows:
            icon.deleteLater()
            words.deleteLater()
        self._rows = [self._row(place, text, well) for place, (text, well) in enumerate(findings)]
        self._paint()
        self.setAccessibleDescription(self.text)
        self.setVisible(bool(self._rows))

    def _row(self, place: int, text: str, well: bool) -> tuple[QLabel, QLabel, bool]:
        icon, words = QLabel(self), PlainLabel(text, self)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._layout.addWidget(icon, place, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(words, place, 1)
        return icon, words, well

    def _paint(self) -> None:
        for icon, _, well in self._rows:
            name, role = ("check-circle-outline", "accent") if well else ("alert-outline", "danger")
            icon.setPixmap(theme.icon(name, role).pixmap(ICON, self.devicePixelRatio()))
