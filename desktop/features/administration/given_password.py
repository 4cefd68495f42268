"""A password that an administrator gives somebody, to be told them."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.features.administration.users_view_model import UsersViewModel
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.strength_line import StrengthLine


class GivenPassword(PasswordEdit):
    """Begins with a suggestion that can be read, for it has to be handed on; ``strength`` belongs below.

    ``personal`` gives what others know of its owner, such as name and email.
    """

    def __init__(
        self,
        view_model: UsersViewModel,
        personal: Callable[[], tuple[str, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._personal = personal
        self.strength = StrengthLine(parent)
        view_model.strength.judged.connect(self.strength.show_strength)
        self.textChanged.connect(self.judge)
        self.reveal.setChecked(True)
        self.setText(view_model.suggested_password())

    def judge(self) -> None:
        """Tell by ``strength`` how hard it is to guess; also when another owner is entered."""
        self._view_model.strength.judge(self.text(), *self._personal())
