"""A password that an administrator gives somebody, to be told them."""

from PySide6.QtWidgets import QWidget

from desktop.viewmodels.administration.users_viewmodel import UsersViewModel
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.strength_line import StrengthLine


class GivenPassword(PasswordEdit):
    """Begins with a suggestion that can be read, for it has to be handed on; ``strength`` belongs below."""

    def __init__(self, view_model: UsersViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strength = StrengthLine(parent)
        view_model.strength.judged.connect(self.strength.show_strength)
        self.textChanged.connect(view_model.strength.judge)
        self.reveal.setChecked(True)
        self.setText(view_model.suggested_password())
