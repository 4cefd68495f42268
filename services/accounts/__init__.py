"""Who may use Loadlens: registration, sign-in, sessions, roles."""

from services.accounts.registration import RegistrationRefused, create_superuser, register
from services.accounts.rights import NotAllowed, looks_after, require_admin, require_keeper
from services.accounts.sessions import Session, SessionExpired
from services.accounts.sign_in import SignInRefused, sign_in
from services.accounts.users import UnknownUser, User, everyone, scope, scope_of, set_timezone

__all__ = [
    "NotAllowed",
    "RegistrationRefused",
    "Session",
    "SessionExpired",
    "SignInRefused",
    "UnknownUser",
    "User",
    "create_superuser",
    "everyone",
    "looks_after",
    "register",
    "require_admin",
    "require_keeper",
    "scope",
    "scope_of",
    "set_timezone",
    "sign_in",
]
