"""By which server alerts are mailed and to whom, and what became of the last mails."""

import re

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.mail_view_model import MASK, MailViewModel
from desktop.framework.settings_form import Row, SettingsForm
from desktop.widgets.banner import Banner
from desktop.widgets.button_row import button_row
from desktop.widgets.card_column import CardColumn
from desktop.widgets.choice import Choice
from desktop.widgets.password_edit import PasswordEdit
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
        """Show what the view-model holds."""
        mails = self._view_model.mails
        self.list.resizeColumnsToContents()
        self.send.setEnabled(mails.rowCount() > 0)
        row = max(self.list.row, 0)
        self.reason.setText(self._view_model.state_of(row) if row < mails.rowCount() else "")
        self.reason.setVisible(bool(self.reason.text()))


WIDEST = 860
HIGHEST_PORT = 65535
PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _split_addresses(text: str) -> tuple[str, ...]:
    return tuple(address for address in re.split(r"[,;\s]+", text) if address)


class MailPanel(QWidget):
    """Stored by the button; a test mail goes out by what the fields say, saved or not."""

    def __init__(self, view_model: MailViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.enabled = QCheckBox(self.tr("Se&nd alerts by mail, from severity"), self)
        self.severity = Choice(
            self.tr("Least severity"),
            view_model.severities,
            self,
        )
        self.recipients, self.from_address = QLineEdit(self), QLineEdit(self)
        self.host, self.user, self.password = QLineEdit(self), QLineEdit(self), PasswordEdit(self)
        self.port = QLineEdit(self)
        self.port.setValidator(QIntValidator(1, HIGHEST_PORT, self))
        self.port.setMaximumWidth(120)
        self.security = Choice(
            self.tr("Encryption"),
            [(self.tr("STARTTLS"), "starttls"), (self.tr("TLS"), "tls"), (self.tr("None"), "none")],
            self,
        )
        self.save = QPushButton(self.tr("Sav&e"), self)
        self.save.setProperty("role", "primary")
        self.test = QPushButton(self.tr("Send a &test mail"), self)
        self.last = LastMailsCard(view_model, self)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        for edit, words in (
            (self.recipients, self.tr("you@example.com, colleague@example.com")),
            (self.from_address, self.tr("loadlens@example.com")),
            (self.host, self.tr("smtp.example.com")),
            (self.user, self.tr("none: the server wants no sign-in")),
        ):
            edit.setPlaceholderText(words)
        self.form = SettingsForm(
            (
                Row("enabled", "", self.enabled),
                Row("severity", "", self.severity),
                Row("recipients", self.tr("Send t&o"), self.recipients, ", ".join, _split_addresses),
                Row("sender", self.tr("&Sender"), self.from_address),
                Row("host", self.tr("Mail serve&r (host)"), self.host),
                Row("security", self.tr("En&cryption"), self.security),
                Row("port", self.tr("Port"), self.port, str, lambda port: int(port or 0)),
                Row("user", self.tr("&User"), self.user),
            )
        )
        self.form.add(self.tr("Pass&word"), self.password)
        which = QHBoxLayout()
        which.addWidget(self.enabled)
        which.addWidget(self.severity)
        which.addStretch()
        settings = QFrame(self)
        inside = CardColumn(
            settings,
            self.tr("Alerts by mail"),
            self.tr(
                "Mail waits in Loadlens until a server takes it, and is sent once. The password is kept in "
                "this system's keyring, or where there is none in a file that only you can read."
            ),
        )
        inside.addLayout(which)
        inside.addLayout(self.form)
        inside.addLayout(button_row(self.save, self.test))
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, settings, self.last):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()

    def _connect(self) -> None:
        save, send_test = self._view_model.save, self._view_model.send_test
        self.save.clicked.connect(lambda: save(self.password.text(), **self.form.values()))
        self.test.clicked.connect(lambda: send_test(self.password.text(), **self.form.values()))
        self.security.activated.connect(lambda: self.port.setText(str(PORTS[self.security.value or "none"])))
        for edit in (self.host, self.user):
            edit.textEdited.connect(self._forget_password)
        self._view_model.loaded.connect(self._show)
        self._view_model.notified.connect(self.banner.show_info)
        self._view_model.failed.connect(self.banner.show_error)
        self._view_model.busy_changed.connect(self._set_busy)

    def _show(self) -> None:
        mail = self._view_model.mail
        self.setEnabled(mail is not None)
        if mail is None:
            return
        self.form.show_settings(mail)
        self.password.setText(self._view_model.password)

    def _forget_password(self) -> None:
        """It is for the user and the server that it was typed for."""
        if self.password.text() == MASK:
            self.password.clear()

    def _set_busy(self, busy: bool) -> None:
        for button in (self.save, self.test, self.last.send):
            button.setEnabled(not busy)
