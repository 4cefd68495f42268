"""The fields that name a team's server."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QFileInfo
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop.features.settings.server_fields import MASK, Fields, taken_apart
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.password_edit import PasswordEdit


class ServerForm(QWidget):
    """An address that is pasted whole is taken apart at once: its password goes into the field for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address, self.database, self.user = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.password = PasswordEdit(self)
        self.tls = QCheckBox(self.tr("Encrypt what is e&xchanged (TLS)"), self)
        self.ca_file, self.client_file = QLineEdit(self), QLineEdit(self)
        self.choose_ca = QPushButton(self.tr("Choose…"), self)
        self.choose_client = QPushButton(self.tr("Choose…"), self)
        self._seen = ""
        self._lay_out()
        self._connect()
        self._judge_tls()

    @property
    def fields(self) -> Fields:
        """As they stand."""
        return {
            "address": self.address.text(),
            "database": self.database.text(),
            "user": self.user.text(),
            "tls": self.tls.isChecked(),
            "ca_file": self.ca_file.text(),
            "client_file": self.client_file.text(),
        }

    def show_fields(self, fields: Fields, password: str | None) -> None:
        """Put these in place of what was typed; None leaves the password as it is."""
        for name, edit in self._edits().items():
            edit.setText(fields[name])
            edit.setCursorPosition(0)
        self.tls.setChecked(fields["tls"])
        if password is not None:
            self.password.setText(password)
        self._seen = self.address.text()

    def _edits(self) -> dict[str, QLineEdit]:
        return {
            "address": self.address,
            "database": self.database,
            "user": self.user,
            "ca_file": self.ca_file,
            "client_file": self.client_file,
        }

    def _lay_out(self) -> None:
        self.address.setPlaceholderText(self.tr("db.example.com:27017, or a whole mongodb:// address"))
        self.user.setPlaceholderText(self.tr("none: the server wants no sign-in"))
        self.ca_file.setPlaceholderText(self.tr("none: it is one that this computer trusts"))
        self.client_file.setPlaceholderText(self.tr("none: the server asks for none"))
        form = LabelledForm()
        form.setContentsMargins(0, 0, 0, 0)
        form.add(self.tr("&Server"), self.address)
        form.add(self.tr("Da&tabase"), self.database)
        form.add(self.tr("&User"), self.user)
        form.add(self.tr("Pass&word"), self.password)
        form.addRow("", self.tls)
        form.add(self.tr("&CA file"), self._with_choice(self.ca_file, self.choose_ca))
        form.add(
            self.tr("Client certificate and &key"), self._with_choice(self.client_file, self.choose_client)
        )
        self.ca_file.setAccessibleName(self.tr("CA file"))
        self.client_file.setAccessibleName(self.tr("Client certificate"))
        self.choose_ca.setAccessibleName(self.tr("Choose the CA file"))
        self.choose_client.setAccessibleName(self.tr("Choose the client certificate"))
        self.setLayout(form)

    def _with_choice(self, edit: QLineEdit, choose: QPushButton) -> QWidget:
        choose.setAutoDefault(False)
        row = QWidget(self)
        row.setFocusProxy(edit)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(edit, 1)
        layout.addWidget(choose)
        return row

    def _connect(self) -> None:
        self.address.textEdited.connect(self._look_at_address)
        self.address.editingFinished.connect(self._take_apart)
        for edit in (self.address, self.user):
            edit.textEdited.connect(self._forget_password)
        self.tls.toggled.connect(self._judge_tls)
        self.choose_ca.clicked.connect(lambda: self._ask(self.tr("Choose the CA file"), self.ca_file.setText))
        self.choose_client.clicked.connect(
            lambda: self._ask(self.tr("Choose the client certificate"), self.client_file.setText)
        )

    def _look_at_address(self, text: str) -> None:
        if len(text) > len(self._seen) + 1:  # pasted, not typed
            self._take_apart()
        self._seen = self.address.text()

    def _take_apart(self) -> None:
        fields, password = taken_apart(self.fields)
        if fields != self.fields:
            self.show_fields(fields, password)

    def _forget_password(self) -> None:
        """It is for the user and the server that it was typed for."""
        if self.password.text() == MASK:
            self.password.clear()

    def _judge_tls(self) -> None:
        for widget in (self.ca_file, self.client_file, self.choose_ca, self.choose_client):
            widget.setEnabled(self.tls.isChecked())

    def _ask(self, title: str, chosen: Callable[[str], Any]) -> None:
        beside = QFileInfo(self.ca_file.text()).absolutePath() if self.ca_file.text() else ""
        dialog = QFileDialog(self, title, beside, self.tr("Certificates (*.pem *.crt *.cer);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(chosen)
        dialog.open()
