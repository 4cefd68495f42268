"""Backups: when they are made by themselves, which there are, and the way back to one."""

from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.backup_view_model import BackupViewModel, Question
from desktop.features.settings.tariff_text import hour
from desktop.framework.confirmation import confirm
from desktop.widgets.banner import Banner
from desktop.widgets.card_column import CardColumn
from desktop.widgets.choice import Choice
from desktop.widgets.file_drop import folder_dialog
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.record_view import RecordView

WIDEST = 860
LEAST_HEIGHT = 200
KEPT = (2, 7, 14, 30, 60, 90, 180, 365)


class BackupPanel(QWidget):
    """A form for the schedule above the list of the backups there are."""

    def __init__(self, view_model: BackupViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._folder_dialog: QFileDialog | None = None
        self.banner = Banner(self)
        self.every = Choice(
            self.tr("How often a backup is made"),
            [
                (self.tr("Never by itself"), "off"),
                (self.tr("Every day"), "daily"),
                (self.tr("Every week"), "weekly"),
            ],
            self,
        )
        days = [self.locale().standaloneDayName(day) for day in range(1, 8)]
        self.weekday = Choice(
            self.tr("On which day"), [(name, str(day)) for day, name in enumerate(days)], self
        )
        self.at = Choice(self.tr("At what time"), [(hour(i), str(i)) for i in range(24)], self)
        self.folder = QLineEdit(self)
        kept = [(self.locale().toString(count), str(count)) for count in KEPT]
        self.keep = Choice(self.tr("How many scheduled backups are kept"), kept, self)
        self.choose = QPushButton(self.tr("&Choose…"), self)
        self.save = QPushButton(self.tr("&Save"), self)
        self.state = PlainLabel(parent=self)
        self.list = RecordView(self.tr("Backups"), view_model.table, parent=self)
        self.none = QLabel(self.tr("There is none in this folder yet."), self)
        self.back_up = QPushButton(self.tr("Back &up now…"), self)
        self.restore = QPushButton(self.tr("Rest&ore…"), self)
        self.verify = QPushButton(self.tr("Verif&y"), self)
        self.restore_file = QPushButton(self.tr("Restore ano&ther file…"), self)
        self.progress = ProgressPanel(self)
        self.may_not = QLabel(
            self.tr(
                "Several people use this database, so only an administrator may back it up and restore it."
            ),
            self,
        )
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        for label in (self.state, self.may_not):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
        for button in (self.save, self.back_up):
            button.setProperty("role", "primary")
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.progress.hide()
        self._scheduled, self._there = QFrame(self), QFrame(self)
        self._lay_out_schedule()
        self._lay_out_list()
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, self.may_not, self._scheduled, self._there):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()

    def _lay_out_schedule(self) -> None:
        form = LabelledForm()
        form.add(self.tr("Ho&w often"), _row(self.every, self.weekday, self.at))
        form.add(self.tr("In the folder"), _row(self.folder, self.choose, stretch=False))
        form.add(self.tr("&Keep the newest"), _row(self.keep))
        inside = CardColumn(
            self._scheduled,
            self.tr("Scheduled backups"),
            self.tr(
                "Made while Loadlens runs on this computer, or as soon as it does again. Everything is in "
                "them but the trained models; each is verified before an older one is deleted."
            ),
        )
        inside.addLayout(form)
        inside.addWidget(self.state)
        inside.addWidget(_row(self.save))
        self.folder.setAccessibleName(self.tr("Folder for backups"))

    def _lay_out_list(self) -> None:
        inside = CardColumn(
            self._there,
            self.tr("The backups there are"),
            self.tr(
                "Backups made by hand or before an update are never deleted. Keep a copy on another disk."
            ),
        )
        inside.addWidget(self.list)
        inside.addWidget(self.none)
        inside.addWidget(self.progress)
        inside.addWidget(_row(self.back_up, self.restore, self.verify, self.restore_file))

    def _connect(self) -> None:
        model = self._view_model
        self.every.activated.connect(self._offer)
        self.choose.clicked.connect(self._choose_folder)
        self.save.clicked.connect(self._save)
        self.back_up.clicked.connect(self.choose_file)
        self.verify.clicked.connect(lambda: model.verify(self.list.row))
        self.restore.clicked.connect(lambda: model.inspect(model.path_of(self.list.row)))
        self.restore_file.clicked.connect(self._choose_backup)
        self.list.selectionModel().selectionChanged.connect(self._offer)
        self.progress.cancelled.connect(model.cancel)
        model.loaded.connect(self._show)
        model.asked.connect(self._ask)
        model.notified.connect(self.banner.show_info)
        model.failed.connect(self.banner.show_error)
        model.progressed.connect(self.progress.show_progress)
        model.busy_changed.connect(self.progress.setVisible)
        model.busy_changed.connect(self._offer)

    def _show(self) -> None:
        model = self._view_model
        self.may_not.setVisible(not model.may)
        for card in (self._scheduled, self._there):
            card.setVisible(model.may)
            card.setEnabled(model.standing is not None)
        if model.standing is not None:
            schedule = model.standing.schedule
            self.every.set_value(schedule.every)
            self.weekday.set_value(str(schedule.weekday))
            self.at.set_value(str(schedule.at.hour))
            self.folder.setText(str(schedule.folder))
            self.keep.set_value(str(schedule.keep))
        any_there = model.table.rowCount() > 0
        self.list.setVisible(any_there)
        self.none.setVisible(not any_there)
        self.list.resizeColumnsToContents()
        self._offer()

    def _offer(self) -> None:
        """Enable what makes sense now."""
        every, free = self.every.value, not self._view_model.busy
        self.weekday.setVisible(every == "weekly")
        for widget in (self.at, self.folder, self.choose, self.keep):
            widget.setEnabled(every != "off")
        self.state.setText(self._view_model.state())
        self.state.setVisible(bool(self.state.text()))
        for button in (self.back_up, self.restore_file):
            button.setEnabled(free)
        for button in (self.restore, self.verify):
            button.setEnabled(free and self.list.row >= 0)

    def _save(self) -> None:
        self._view_model.save(
            int(self.at.value or 0),
            self.folder.text(),
            every=self.every.value,
            weekday=int(self.weekday.value or 0),
            keep=int(self.keep.value or KEPT[0]),
        )

    def _choose_folder(self) -> None:
        if self._folder_dialog is None:
            title = self.tr("Choose a folder for the backups")
            self._folder_dialog = folder_dialog(title, self.folder.setText, self)
        self._folder_dialog.open()

    def choose_file(self) -> QFileDialog:
        """Ask where the backup goes; it is proposed beside the others."""
        dialog = QFileDialog(self, self.tr("Back up"), self._view_model.proposed, self._filter())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("backup")
        return _opened(dialog, self._view_model.back_up)

    def _choose_backup(self) -> QFileDialog:
        dialog = QFileDialog(self, self.tr("Restore a backup"), self.folder.text(), self._filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return _opened(dialog, self._view_model.inspect)

    def _filter(self) -> str:
        return self.tr("Backups of Loadlens (*.backup);;All files (*)")

    def _ask(self, question: Question) -> None:
        self.banner.hide()
        confirm(
            self,
            question.title,
            question.consequence,
            self.tr("Replace everything"),
            lambda: self._view_model.restore(question),
        )


def _opened(dialog: QFileDialog, chosen: object) -> QFileDialog:
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _row(*widgets: QWidget, stretch: bool = True) -> QWidget:
    """Side by side; the focus goes to the first."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch()
    row.setFocusProxy(widgets[0])
    return row
