"""Registration, sign-in, sessions."""

from datetime import UTC, datetime, timedelta

import jwt
import keyring
import pytest
import time_machine
from bson import ObjectId
from pymongo.database import Database

from services import accounts
from services.accounts import Session
from services.accounts.passwords import PasswordRefused
from services.scope import Document
from services.settings import Settings

PASSWORD = "correct horse battery"


def ada(db: Database[Document]) -> accounts.User:
    return accounts.register(db, " Ada ", "Wong", "Ada@Example.com", PASSWORD)


def test_registered_user_signs_in_whatever_the_case_of_the_email(db: Database[Document]) -> None:
    user = ada(db)
    assert (user.first_name, user.role, user.status) == ("Ada", "user", "active")
    assert accounts.sign_in(db, "ADA@example.COM ", PASSWORD) == user
    stored = db["users"].find_one({})
    assert stored is not None
    assert stored["password"].startswith("$2b$12$")


def test_one_sentence_for_unknown_email_and_wrong_password(db: Database[Document]) -> None:
    ada(db)
    sentences = set()
    for email, password in (("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("", "")):
        with pytest.raises(accounts.SignInRefused) as refusal:
            accounts.sign_in(db, email, password)
        sentences.add(str(refusal.value))
    assert sentences == {"Email or password is wrong. Check both and try again."}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"first_name": " "}, "Enter your first name."),
        ({"last_name": ""}, "Enter your last name."),
        ({"email": "ada"}, "“ada” is no email address"),
        ({"email": "ADA@EXAMPLE.COM"}, "There is an account with the email"),
        ({"password": "short"}, "has at least 12 characters"),
        ({"password": "ä" * 37}, "longer than 72 bytes"),
    ],
)
def test_refused_registration_says_why(
    db: Database[Document], changed: dict[str, str], sentence: str
) -> None:
    ada(db)
    given = {"first_name": "Eve", "last_name": "Ong", "email": "eve@example.com", "password": PASSWORD}
    with pytest.raises((accounts.RegistrationRefused, PasswordRefused), match=sentence):
        accounts.register(db, **{**given, **changed})
    assert db["users"].count_documents({}) == 1


def test_inactive_account_cannot_sign_in_nor_go_on(db: Database[Document], settings: Settings) -> None:
    session = Session.start(db, settings, ada(db))
    db["users"].update_one({}, {"$set": {"status": "inactive"}})
    with pytest.raises(accounts.SignInRefused, match="inactive"):
        accounts.sign_in(db, "ada@example.com", PASSWORD)
    with pytest.raises(accounts.SessionExpired, match="inactive"):
        session.scope()


def test_session_ends_by_itself_and_is_renewed_while_used(db: Database[Document], settings: Settings) -> None:
    session = Session.start(db, settings, ada(db))
    now = datetime.now(UTC)
    for minutes in (20, 40, 60):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert session.scope().role == "user"
    with time_machine.travel(now + timedelta(minutes=95)):
        with pytest.raises(accounts.SessionExpired, match="Sign in again"):
            session.scope()


def test_only_this_installations_tokens_open_a_session(db: Database[Document], settings: Settings) -> None:
    user = ada(db)
    Session.start(db, settings, user, keep=True)
    resumed = Session.resume(db, settings)
    assert resumed is not None
    assert resumed.user == user
    claims = {"sub": user.id, "type": "refresh", "exp": datetime.now(UTC) + timedelta(days=1)}
    for forged in (
        jwt.encode(claims, "another key of the right length....", "HS256"),
        jwt.encode(claims, "", "none"),
        jwt.encode({**claims, "type": "access"}, settings.token_key, "HS256"),
        jwt.encode({**claims, "exp": datetime.now(UTC) - timedelta(1)}, settings.token_key, "HS256"),
        jwt.encode({**claims, "sub": str(ObjectId())}, settings.token_key, "HS256"),
    ):
        keyring.set_password("Loadlens", str(settings.data_dir), forged)
        assert Session.resume(db, settings) is None


def test_sign_out_forgets_the_kept_session(db: Database[Document], settings: Settings) -> None:
    session = Session.start(db, settings, ada(db), keep=True)
    session.sign_out()
    assert Session.resume(db, settings) is None
    with pytest.raises(accounts.SessionExpired):
        session.scope()


def test_superuser_is_an_admin(db: Database[Document]) -> None:
    accounts.create_superuser(db, "root@example.com", PASSWORD)
    assert accounts.scope_of(db, "root@example.com").role == "admin"
