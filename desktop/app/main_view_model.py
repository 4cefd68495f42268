"""Who is signed in."""

from PySide6.QtCore import Signal

from desktop.framework.view_model import SessionViewModel


class MainViewModel(SessionViewModel):
    """The user whose window it is."""

    signed_out = Signal()

    @property
    def user_name(self) -> str:
        """First and last name; the email of who has none."""
        user = self._session.user
        return f"{user.first_name} {user.last_name}".strip() or user.email

    @property
    def email(self) -> str:
        """What the user signs in with."""
        return self._session.user.email

    @property
    def is_admin(self) -> bool:
        """Whether the account is an administrator's; the services look for themselves."""
        return self._session.user.role == "admin"

    def sign_out(self) -> None:
        """End the session, then `signed_out`."""
        self.start(self._session.sign_out, self.signed_out)
