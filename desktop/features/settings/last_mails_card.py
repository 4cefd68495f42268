"""What became of the last mails."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.features.settings.mail_view_model import MailViewModel
from desktop.widgets.card_column import CardColumn
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView

LEAST_HEIGHT = 160


class LastMailsCard(QFrame):
    """Below the list it is said in full of the chosen mail, or of the last one."""

    def __init__(self, view_model: MailViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = RecordView(self.tr("The last mails"), view_model.mails, parent=self)
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.reason = PlainLabel(parent=self)
        self.reason.setProperty("role", "muted")
        self.reason.setWordWrap(True)
        self.send = QPushButton(self.tr("Tr&y again now"), self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.send)
        buttons.addStretch()
        layout = CardColumn(self, self.tr("The last mails"))
        layout.addWidget(self.list)
        layout.addWidget(self.reason)
        layout.addLayout(buttons)
        self.send.clicked.connect(view_model.send_waiting)
        self.list.selectionModel().selectionChanged.connect(self.show_mails)
        view_model.mails.dataChanged.connect(self.show_mails)
        self.show_mails()

    def show_mails(self) -> None:
        """What the view-model holds."""
        mails = self._view_model.mails
        self.list.resizeColumnsToContents()
        self.send.setEnabled(mails.rowCount() > 0)
        row = max(self.list.row, 0)
        self.reason.setText(self._view_model.state_of(row) if row < mails.rowCount() else "")
        self.reason.setVisible(bool(self.reason.text()))
