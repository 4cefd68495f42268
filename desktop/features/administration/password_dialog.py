"""Give somebody another password."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.features.administration.given_password import GivenPassword
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.plain_label import PlainLabel

WIDTH = 460


class PasswordDialog(QDialog):
    """For the account of this email and these names: ``give`` takes the password, and the dialog stays open
    until it is taken."""

    def __init__(
        self,
        view_model: UsersViewModel,
        email: str,
        names: tuple[str, str],
        give: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._give = give
        self.setWindowTitle(self.tr("Reset the password"))
        self.banner = Banner(self)
        self.password = GivenPassword(view_model, lambda: (*names, email), self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.reset = self.buttons.addButton(
            self.tr("&Reset the password"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.reset.setProperty("role", "primary")
        self._lay_out(email)
        self.password.textChanged.connect(lambda text: self.reset.setEnabled(bool(text)))
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self._refused)

    def _lay_out(self, email: str) -> None:
        what = PlainLabel(
            self.tr(
                "{email} is signed out everywhere, signs in with this password once, and chooses another "
                "then. Hand it on."
            ).format(email=email)
        )
        what.setWordWrap(True)
        form = LabelledForm()
        form.add(self.tr("&Password"), self.password)
        form.addRow("", self.password.strength)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self.banner)
        layout.addWidget(what)
        layout.addLayout(form)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(WIDTH)

    def _save(self) -> None:
        self.setEnabled(False)
        self.banner.hide()
        self._give(self.password.text())

    def _refused(self, sentence: str) -> None:
        self.setEnabled(True)
        self.banner.show_error(sentence)
        self.adjustSize()
