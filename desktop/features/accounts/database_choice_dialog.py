"""Choose which database is opened, also when the one that was chosen cannot be."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.features.accounts.database_choice_view_model import DatabaseChoiceViewModel
from desktop.features.settings.server_form import ServerForm
from desktop.widgets.banner import Banner

WIDTH = 560


class DatabaseChoiceDialog(QDialog):
    """``accepted`` when another database is to be opened."""

    def __init__(self, view_model: DatabaseChoiceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("A team's server"))
        self._hint = QLabel(self)
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "muted")
        self.banner = Banner(self)
        self.form = ServerForm(self)
        self.use_private = QPushButton(
            self.tr("Use the Use the private database (&own)private database"), self
        )
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.connect_there = QPushButton(self.tr("Co&nnect"), self)
        self.connect_there.setProperty("role", "primary")
        self.connect_there.setDefault(True)
        self._lay_out()
        self._connect()
        self._show()
        view_model.refresh()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.use_private)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.connect_there)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (self._hint, self.banner, self.form):
            layout.addWidget(widget)
        layout.addStretch()
        layout.addLayout(buttons)
        self.setMinimumWidth(WIDTH)

    def _connect(self) -> None:
        model = self._view_model
        self.connect_there.clicked.connect(
            lambda: model.use_server(self.form.password.text(), self.form.fields)
        )
        self.use_private.clicked.connect(model.use_private)
        self.cancel.clicked.connect(self.reject)
        model.loaded.connect(self._show)
        model.chosen.connect(self.accept)
        model.failed.connect(self.banner.show_error)
        model.busy_changed.connect(self._rest_while)

    def _show(self) -> None:
        model = self._view_model
        self._hint.setText(
            self.tr(
                "The environment or .env says which database is opened (MONGODB_URI or MONGODB_HOST). Take "
                "it out there to choose here."
            )
            if model.fixed
            else self.tr(
                "Loadlens opens this server from now on. What is in the private database stays there."
            )
        )
        self.use_private.setVisible(model.in_use)
        self.form.show_fields(model.fields, model.password)
        for widget in (self.form, self.connect_there):
            widget.setEnabled(not model.fixed)
        self.form.address.setFocus()

    def _rest_while(self, busy: bool) -> None:
        for widget in (self.form, self.use_private, self.connect_there):
            widget.setEnabled(not busy)
        self.connect_there.setText(self.tr("Connecting…") if busy else self.tr("Co&nnect"))
