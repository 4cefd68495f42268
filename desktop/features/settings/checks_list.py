"""What was looked at, one thing below the other."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop import theme
from desktop.features.settings.diagnostics_view_model import Shown
from desktop.widgets.plain_label import PlainLabel

ICON = QSize(16, 16)


class ChecksList(QWidget):
    """A sign whether it is well, its name, and what was seen or is to be done; that can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signs: list[tuple[QLabel, bool]] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(12)
        self._layout.setVerticalSpacing(10)
        self._layout.setColumnStretch(2, 1)
        theme.changed.connect(self._paint)

    def show_checks(self, checks: Sequence[Shown]) -> None:
        """These instead of what was shown, those that are not well first."""
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        ordered = sorted(checks, key=lambda check: check.well)
        self._signs = [self._row(place, check) for place, check in enumerate(ordered)]
        self._paint()

    def _row(self, place: int, check: Shown) -> tuple[QLabel, bool]:
        sign, name, detail = QLabel(self), QLabel(check.name, self), PlainLabel(check.detail, self)
        verdict = self.tr("Well") if check.well else self.tr("Needs looking after")
        sign.setAccessibleName(verdict)
        sign.setToolTip(verdict)
        name.setProperty("role", "strong")
        detail.setWordWrap(True)
        detail.setAccessibleName(f"{check.name}, {verdict}: {check.detail}")
        detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        for column, label in enumerate((sign, name, detail)):
            self._layout.addWidget(label, place, column, Qt.AlignmentFlag.AlignTop)
        return sign, check.well

    def _paint(self) -> None:
        for sign, well in self._signs:
            name, role = ("check-circle-outline", "accent") if well else ("alert-circle", "danger")
            sign.setPixmap(theme.icon(name, role).pixmap(ICON, self.devicePixelRatio()))
