"""Make an account for somebody."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.features.administration.given_password import GivenPassword
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm

LONGEST_NAME = 200
WIDTH = 460


class UserDialog(QDialog):
    """Stays open until the account is made, so that a refused entry can be mended."""

    def __init__(self, view_model: UsersViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.setWindowTitle(self.tr("Add a user"))
        self.banner = Banner(self)
        self.first_name, self.last_name, self.email = (QLineEdit(self) for _ in range(3))
        self._about = (self.first_name, self.last_name, self.email)
        for edit in (self.first_name, self.last_name):
            edit.setMaxLength(LONGEST_NAME)
        self.email.setPlaceholderText(self.tr("name@example.com"))
        self.role = Choice(self.tr("Role"), view_model.roles(), self)
        self.password = GivenPassword(view_model, self._personal, self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        for edit in (*self._about, self.password):
            edit.textChanged.connect(self._judge)
        for edit in self._about:
            edit.textChanged.connect(self.password.judge)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self._refused)
        self._judge()

    def _lay_out(self) -> None:
        form = LabelledForm()
        form.add(self.tr("&First name"), self.first_name)
        form.add(self.tr("&Last name"), self.last_name)
        form.add(self.tr("&Email"), self.email)
        form.add(self.tr("&Role"), self.role)
        form.add(self.tr("&Password"), self.password)
        form.addRow("", self.password.strength)
        hint = QLabel(
            self.tr("Hand the password on: it is asked for once, and then another is chosen by its owner.")
        )
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self.banner)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(WIDTH)

    def _judge(self) -> None:
        edits = (*self._about, self.password)
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(all(edit.text().strip() for edit in edits))

    def _personal(self) -> tuple[str, ...]:
        return tuple(edit.text() for edit in self._about)

    def _save(self) -> None:
        self.setEnabled(False)
        self.banner.hide()
        self._view_model.create(
            self.first_name.text(),
            self.last_name.text(),
            self.email.text(),
            "admin" if self.role.value == "admin" else "user",
            self.password.text(),
        )

    def _refused(self, sentence: str) -> None:
        self.setEnabled(True)
        self.banner.show_error(sentence)
        self.adjustSize()
