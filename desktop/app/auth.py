"""The small window before anybody is signed in: start, sign in, register, a new password."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.app.startup import Opening
from desktop.features.accounts.sign_in_view_models import (
    LoginViewModel,
    NewPasswordViewModel,
    RegistrationViewModel,
)
from desktop.features.accounts.sign_in_windows import LoginWindow, NewPasswordWindow, RegistrationWindow
from desktop.features.accounts.start_window import StartWindow

if TYPE_CHECKING:
    from services.accounts import User

WIDTH, HEIGHT = 440, 660


class Entrance(QStackedWidget):
    """``signed_in`` with the session and whether it is kept. The form can be filled in before the
    database is open; what is sent then waits for it."""

    signed_in = Signal(object, bool)
    quit_wanted = Signal()

    def __init__(self, opening: Opening) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Loadlens"))
        self._opening = opening
        self.start = StartWindow(self)
        login = LoginViewModel(opening.result, self)
        self.login = LoginWindow(login, self)
        self._registration: RegistrationWindow | None = None
        self._new_password: NewPasswordWindow | None = None
        self.addWidget(self.start)
        self.addWidget(self.login)
        self.resize(WIDTH, HEIGHT)
        login.signed_in.connect(self._signed_in)
        login.new_password_wanted.connect(self.show_new_password)
        self.login.registration_wanted.connect(self.show_registration)
        self.login.connection_wanted.connect(self.choose_database)
        self.start.retry.connect(self._try_again)
        self.start.connection_wanted.connect(self.choose_database)
        self.start.quit.connect(self.quit_wanted)
        self.start.cancelled.connect(opening.cancel)
        opening.progressed.connect(self._show_progress)
        opening.failed.connect(self._show_refusal)
        opening.cancelled.connect(self.quit_wanted)

    @property
    def waiting(self) -> bool:
        """Whether there is nothing for the user to fill in."""
        return self.currentWidget() is self.start

    @property
    def registration(self) -> RegistrationWindow:
        """Built when it is first wanted, which for most starts is never."""
        if self._registration is None:
            view_model = RegistrationViewModel(self._opening.result, self)
            view_model.signed_in.connect(lambda session: self._signed_in(session, False))
            self._registration = RegistrationWindow(view_model, self)
            self._registration.login_wanted.connect(self.show_login)
            self.addWidget(self._registration)
        return self._registration

    @property
    def new_password(self) -> NewPasswordWindow:
        """Built when it is first wanted, too."""
        if self._new_password is None:
            view_model = NewPasswordViewModel(self._opening.result, self)
            view_model.signed_in.connect(self._signed_in)
            self._new_password = NewPasswordWindow(view_model, self)
            self._new_password.login_wanted.connect(self.show_login)
            self.addWidget(self._new_password)
        return self._new_password

    def show_start(self) -> None:
        self.start.show_starting()
        self._turn_to(self.start)

    def show_login(self, sentence: str = "") -> None:
        """Show the form of signing in; ``sentence`` says why the user has to sign in again."""
        self.login.clear()
        if sentence:
            self.login.show_error(sentence)
        self._turn_to(self.login)

    def show_registration(self) -> None:
        self.registration.clear()
        self._turn_to(self.registration)

    def show_new_password(self, user: "User", password: str, keep: bool) -> None:
        """Show the form for the account that an administrator gave this password."""
        self.new_password.begin(user, password, keep)
        self.login.clear()
        self._turn_to(self.new_password)

    def choose_database(self) -> None:
        """Ask which database is to be opened, and open that."""
        from desktop.features.accounts.database_choice_dialog import DatabaseChoiceDialog
        from desktop.features.accounts.database_choice_view_model import DatabaseChoiceViewModel

        dialog = DatabaseChoiceDialog(DatabaseChoiceViewModel(self._opening.settings, self), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._try_again)
        dialog.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.quit_wanted.emit()

    def _turn_to(self, page: QWidget) -> None:
        self.setCurrentWidget(page)
        page.setFocus()

    def _show_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        self._turn_to(self.start)
        self.start.show_progress(stage, done, total, seconds_left)

    def _show_refusal(self, sentence: str) -> None:
        self._turn_to(self.start)
        self.start.show_refusal(sentence)

    def _try_again(self) -> None:
        self.show_start()
        self._opening.start()

    def _signed_in(self, session: object, kept: bool) -> None:
        self.login.clear()
        for form in (self._registration, self._new_password):
            if form is not None:
                form.clear()
        self.signed_in.emit(session, kept)
