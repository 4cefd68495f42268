"""The own name and email."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop.features.settings.account_view_model import AccountViewModel
from desktop.widgets.card_column import CardColumn
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.password_edit import PasswordEdit


class OwnNameCard(QFrame):
    """The password is asked for once the email is another; what was typed stays until it is saved."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.first_name, self.last_name, self.email = (QLineEdit(self) for _ in range(3))
        self.password = PasswordEdit(self)
        self.password.setPlaceholderText(self.tr("needed to change the email"))
        self.save = QPushButton(self.tr("&Save"), self)
        self.save.setProperty("role", "primary")
        self._lay_out()
        self.save.clicked.connect(self._save)
        self.email.textChanged.connect(self._judge)
        for edit in (self.first_name, self.last_name, self.email, self.password):
            edit.returnPressed.connect(self._save)
        view_model.loaded.connect(self._show)
        view_model.saved.connect(self._forget)
        view_model.busy_changed.connect(lambda busy: self.save.setEnabled(not busy))
        self._show()

    def _lay_out(self) -> None:
        form = LabelledForm()
        form.add(self.tr("Firs&t name"), self.first_name)
        form.add(self.tr("Last &name"), self.last_name)
        form.add(self.tr("&Email"), self.email)
        form.add(self.tr("Pass&word"), self.password)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addStretch()
        inside = CardColumn(
            self, self.tr("Name and email"), self.tr("You sign in with the email, whatever its case.")
        )
        inside.addLayout(form)
        inside.addLayout(buttons)

    def _show(self) -> None:
        edits, user = (self.first_name, self.last_name, self.email), self._view_model.user
        if not any(edit.isModified() for edit in edits):
            for edit, text in zip(edits, (user.first_name, user.last_name, user.email), strict=True):
                edit.setText(text)
        self._judge()

    def _judge(self) -> None:
        self.password.setEnabled(self.email.text().strip() != self._view_model.user.email)

    def _save(self) -> None:
        if self.save.isEnabled():
            name = self.first_name.text(), self.last_name.text()
            self._view_model.save(*name, self.email.text(), self.password.text())

    def _forget(self) -> None:
        """What was typed is stored; it is shown as it was."""
        self.password.clear()
        for edit in (self.first_name, self.last_name, self.email):
            edit.setModified(False)
