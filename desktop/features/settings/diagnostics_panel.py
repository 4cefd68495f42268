"""Whether all is well with this installation, check by check."""

from collections.abc import Sequence

from PySide6.QtCore import QDir, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.features.settings.diagnostics_view_model import DiagnosticsViewModel, Shown
from desktop.widgets.banner import Banner
from desktop.widgets.button_row import button_row
from desktop.widgets.card_column import CardColumn
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.progress_panel import ProgressPanel

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


WIDEST = 860


class DiagnosticsPanel(QWidget):
    """Looks by itself when it is first shown."""

    def __init__(self, view_model: DiagnosticsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._dialog: QFileDialog | None = None
        self.banner = Banner(self)
        self.summary = QLabel(self)
        self.may_not = QLabel(
            self.tr("Several people use this database, so only an administrator may look after it. Ask one."),
            self,
        )
        self.list = ChecksList(self)
        self.progress = ProgressPanel(self)
        self.examine = QPushButton(self.tr("E&xamine again"), self)
        self.save = QPushButton(self.tr("Save a bundle for &support…"), self)
        self.open_logs = QPushButton(self.tr("&Open the log folder"), self)
        self._lay_out()
        self._connect()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view_model.refresh()

    def choose_path(self) -> None:
        """Ask where the bundle is to be saved, and save it."""
        if self._dialog is None:
            self._dialog = QFileDialog(self, self.tr("Save a bundle for support"), QDir.homePath())
            self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self._dialog.setNameFilters([self.tr("Zip file (*.zip)")])
            self._dialog.setDefaultSuffix("zip")
            self._dialog.fileSelected.connect(self._view_model.save_bundle)
        self.banner.hide()
        self._dialog.selectFile(self._view_model.proposed_name)
        self._dialog.open()

    def _lay_out(self) -> None:
        self.examine.setProperty("role", "primary")
        self.may_not.setProperty("role", "muted")
        self.may_not.setWordWrap(True)
        self.summary.setProperty("role", "strong")
        self.summary.setWordWrap(True)
        self.progress.hide()
        well, self._support = QFrame(self), QFrame(self)
        inside = CardColumn(well, self.tr("Is everything well?"))
        for part in (self.summary, self.may_not, self.progress, self.list):
            inside.addWidget(part)
        inside.addLayout(button_row(self.examine))
        inside = CardColumn(
            self._support,
            self.tr("For support"),
            self.tr(
                "The bundle holds what is said above, versions, settings and logs. Passwords, keys, names "
                "and readings are not in it."
            ),
        )
        inside.addLayout(button_row(self.save, self.open_logs))
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, well, self._support):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()

    def _connect(self) -> None:
        model = self._view_model
        self.examine.clicked.connect(self._examine)
        self.progress.cancelled.connect(model.cancel)
        self.save.clicked.connect(self.choose_path)
        self.open_logs.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._view_model.log_folder))
        )
        model.loaded.connect(self._show)
        model.examined.connect(self._show)
        model.progressed.connect(self.progress.show_progress)
        model.busy_changed.connect(self._set_busy)
        model.notified.connect(self.banner.show_info)
        model.failed.connect(self.banner.show_error)

    def _show(self) -> None:
        model = self._view_model
        self.may_not.setVisible(model.may is False)
        self.examine.setVisible(model.may is True)
        self.save.setVisible(model.may is True)
        self.summary.setText(model.summary)
        self.summary.setVisible(bool(model.summary))
        self.list.show_checks(model.checks)

    def _examine(self) -> None:
        self.banner.hide()
        self._view_model.examine()

    def _set_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        for button in (self.examine, self.save):
            button.setEnabled(not busy)
