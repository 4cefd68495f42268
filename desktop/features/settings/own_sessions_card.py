"""Where the account is signed in."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.features.settings.account_view_model import AccountViewModel
from desktop.widgets.card_column import CardColumn
from desktop.widgets.record_view import RecordView

LEAST_HEIGHT = 160


class OwnSessionsCard(QFrame):
    """One button ends all sessions but this one."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = RecordView(self.tr("Where you are signed in"), view_model.sessions, parent=self)
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.end = QPushButton(self.tr("Sign out ever&ywhere else"), self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.end)
        buttons.addStretch()
        inside = CardColumn(
            self,
            self.tr("Where you are signed in"),
            self.tr("If you do not know one of these, sign out everywhere else and change your password."),
        )
        inside.addWidget(self.list)
        inside.addLayout(buttons)
        self.end.clicked.connect(view_model.sign_out_elsewhere)
        view_model.loaded.connect(self._show)
        view_model.busy_changed.connect(lambda _busy: self._show())
        self._show()

    def _show(self) -> None:
        self.list.resizeColumnsToContents()
        self.end.setEnabled(self._view_model.others > 0)
