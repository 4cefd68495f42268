"""Who may use Loadlens: registration, sign-in, sessions, roles."""

from services.accounts.open_sessions import OpenSession
from services.accounts.own import (
    change_email,
    change_name,
    change_password,
    choose_password,
    end_other_sessions,
    end_session,
    end_sessions_of,
    give_password,
    list_sessions,
    sign_out_everywhere,
)
from services.accounts.passwords import PasswordRefused, Strength, strength
from services.accounts.registration import (
    RegistrationRefused,
    create_account,
    create_superuser,
    register,
)
from services.accounts.rights import NotAllowed, looks_after, require_admin, require_keeper
from services.accounts.sessions import NewPasswordWanted, Session, SessionExpired
from services.accounts.sign_in import SignInRefused, sign_in
from services.accounts.tries import TooManyTries
from services.accounts.users import UnknownUser, User, everyone, scope, scope_of, set_timezone

__all__ = [
    "NewPasswordWanted",
    "NotAllowed",
    "OpenSession",
    "PasswordRefused",
    "RegistrationRefused",
    "Session",
    "SessionExpired",
    "SignInRefused",
    "Strength",
    "TooManyTries",
    "UnknownUser",
    "User",
    "change_email",
    "change_name",
    "change_password",
    "choose_password",
    "create_account",
    "create_superuser",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "everyone",
    "give_password",
    "list_sessions",
    "looks_after",
    "register",
    "require_admin",
    "require_keeper",
    "scope",
    "scope_of",
    "set_timezone",
    "sign_in",
    "sign_out_everywhere",
    "strength",
]
