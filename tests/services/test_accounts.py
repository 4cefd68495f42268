"""Registration, sign-in, sessions; and what an attacker would try of them."""

import importlib
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import bcrypt
import jwt
import keyring
import keyring.backends.fail
import pytest
import time_machine
from bson import ObjectId
from pymongo.database import Database

from services import accounts
from services.accounts import Session, passwords, tokens
from services.accounts.passwords import PasswordRefused
from services.database import schema
from services.errors import LoadlensError
from services.names import name_fields
from services.scope import Document
from services.settings import Settings
from services.startup import opened

PASSWORD = "correct horse battery"
ANOTHER = "staple of the harbour"
OPERATOR: Any = {"$ne": None}


def ada(db: Database[Document]) -> accounts.User:
    return accounts.register(db, " Ada ", "Wong", "Ada@Example.com", PASSWORD)


def noted(db: Database[Document]) -> list[str]:
    return [entry["action"] for entry in db["audit_log"].find().sort("_id")]


def test_registered_user_signs_in_whatever_the_case_of_the_email(
    db: Database[Document], full_hashes: None
) -> None:
    user = ada(db)
    assert (user.first_name, user.role, user.status) == ("Ada", "user", "active")
    assert accounts.sign_in(db, "ADA@example.COM ", PASSWORD) == user
    stored = db["users"].find_one({})
    assert stored is not None
    assert stored["password"].startswith("$2b$12$")
    assert noted(db) == ["user.created", "sign_in"]


def test_one_sentence_and_one_hash_for_unknown_email_and_wrong_password(
    db: Database[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada(db)
    looked_at: list[str] = []
    matches = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda *given: looked_at.append(given[1]) or matches(*given))
    sentences = set()
    for email, password in (("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("", "")):
        with pytest.raises(accounts.SignInRefused) as refusal:
            accounts.sign_in(db, email, password)
        sentences.add(str(refusal.value))
    assert sentences == {"Email or password is wrong. Check both and try again."}
    assert looked_at[1:] == [passwords.OF_NOBODY] * 2
    assert len(looked_at) == 3


def test_the_hash_of_nobody_takes_as_long_as_any(full_hashes: None) -> None:
    assert passwords.OF_NOBODY.startswith(f"$2b${passwords.COST}$")


REFUSED = [
    ({"first_name": " "}, "Enter your first name."),
    ({"last_name": ""}, "Enter your last name."),
    ({"last_name": "Ong" * 100}, "has 300 characters, and a name at most 255. Shorten it."),
    ({"email": "ada"}, "“ada” is no email address"),
    ({"email": "ADA@EXAMPLE.COM"}, "There is an account with the email"),
    ({"email": "ａda@example.com"}, "There is an account with the email"),
    ({"email": "eve\u00ad@example.com"}, "is no email address"),
    ({"password": "c0r%Hy"}, "at least 8 characters that are hard to guess"),
    ({"password": "eve.ong1"}, "is easy to guess"),
    ({"password": "password1234"}, "is easy to guess"),
    ({"password": "123456789012"}, "is easy to guess"),
    ({"password": "qwertyuiop12"}, "is easy to guess"),
    ({"password": "EveOng-2024"}, "is easy to guess"),
    ({"password": "Loadlens-2024!"}, "is easy to guess"),
    ({"password": "eve@example.com"}, "among the first that anybody would try"),
    ({"password": "aaaaaaaaaaaaaaaa"}, "among the first that anybody would try"),
    ({"password": "abc" * 24}, "among the first that anybody would try"),
    ({"password": "ä" * 37}, "longer than 72 bytes"),
    ({"password": "correct horse\0battery"}, "no keyboard types"),
]


def test_refused_registration_says_why(db: Database[Document]) -> None:
    ada(db)
    given = {"first_name": "Eve", "last_name": "Ong", "email": "eve@example.com", "password": PASSWORD}
    for changed, sentence in REFUSED:
        with pytest.raises((accounts.RegistrationRefused, PasswordRefused), match=sentence):
            accounts.register(db, **{**given, **changed})
    assert db["users"].count_documents({}) == 1


@pytest.mark.parametrize(
    "password",
    ["Tr0ub4dor&3", "Größer als üblich, höflich, süß, früh müde, völlig überzählig", "ordinary words"],
)
def test_what_is_long_or_hard_to_guess_is_taken(password: str) -> None:
    assert passwords.matches(password, passwords.hash_password(password))


def test_a_password_is_the_same_from_any_keyboard_and_is_never_cut() -> None:
    stored = passwords.hash_password("Übergröße von heute")
    assert passwords.matches(unicodedata.normalize("NFD", "Übergröße von heute"), stored)
    assert passwords.matches("Übergröße\u00a0von heute", stored)
    assert not passwords.matches("Übergröße von heute\0", stored)
    assert not passwords.matches("Übergröße von heute\ud800", stored)
    longest = passwords.hash_password(("twelve words " * 6)[:72])
    assert passwords.matches(("twelve words " * 6)[:72], longest)
    assert not passwords.matches(("twelve words " * 6)[:73], longest)


def test_operators_open_nothing(db: Database[Document], settings: Settings) -> None:
    user = ada(db)
    session = Session.start(db, settings, user)
    attempts: list[Callable[[], object]] = [
        lambda: accounts.register(db, "Eve", "Ong", OPERATOR, PASSWORD),
        lambda: accounts.register(db, "Eve", "Ong", "eve@example.com", OPERATOR),
        lambda: accounts.sign_in(db, OPERATOR, PASSWORD),
        lambda: accounts.sign_in(db, "ada@example.com", OPERATOR),
        lambda: accounts.scope_of(db, OPERATOR),
        lambda: accounts.change_name(session.scope(), OPERATOR, "Wong"),
        lambda: accounts.change_email(session.scope(), OPERATOR, "eve@example.com"),
        lambda: accounts.change_email(session.scope(), PASSWORD, OPERATOR),
        lambda: accounts.change_password(session, OPERATOR, ANOTHER),
        lambda: accounts.choose_password(db, OPERATOR, OPERATOR, ANOTHER),
        lambda: accounts.give_password(db, OPERATOR, ANOTHER),
        lambda: accounts.end_sessions_of(db, OPERATOR),
        lambda: accounts.end_session(session, OPERATOR),
        lambda: accounts.set_timezone(session.scope(), OPERATOR),
    ]
    before = db["users"].find_one()
    for attempt in attempts:
        with pytest.raises((LoadlensError, ValueError)):
            attempt()
    assert db["users"].find_one() == before
    assert session.scope().user_id == ObjectId(user.id)


def test_tries_slow_down_then_lock_for_every_spelling_and_every_program(
    db: Database[Document], settings: Settings
) -> None:
    ada(db)
    sentences = []
    for number in range(12):
        email = ("ada@example.com", "ADA@EXAMPLE.COM", "ada@exa\uff4dple.com")[number % 3]
        with pytest.raises((accounts.SignInRefused, accounts.TooManyTries)) as refusal:
            accounts.sign_in(db, email, "wrong")
        sentences.append(str(refusal.value))
        if number >= 2 and number % 2 == 0:
            wait_out(db)
    assert "Email or password" in sentences[2]
    assert sentences[3] == "Email or password is wrong. Check both and try again."
    assert sentences[4] == "Too many wrong passwords. Try again in 2 s."

    for _ in range(6):
        wait_out(db)
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(db, "ada@example.com", "wrong")
        if count(db) == 10:
            break
    with opened(settings) as another_program:
        with pytest.raises(accounts.TooManyTries, match="for 15 minutes"):
            accounts.sign_in(another_program, "ada@example.com", PASSWORD)
    assert noted(db).count("sign_in.locked") == 1
    wait_out(db)
    accounts.sign_in(db, "ada@example.com", PASSWORD)
    assert db["sign_in_failures"].count_documents({}) == 0


def count(db: Database[Document]) -> int:
    [failures] = db["sign_in_failures"].find()
    return int(failures["count"])


def wait_out(db: Database[Document], for_: timedelta = timedelta(minutes=16)) -> None:
    """As if that time had passed."""
    shift = [{"$set": {"lockedUntil": {"$subtract": ["$lockedUntil", for_ // timedelta(milliseconds=1)]}}}]
    db["sign_in_failures"].update_many({}, shift)


def test_no_spelling_of_an_email_gets_tries_of_its_own(db: Database[Document]) -> None:
    ada(db)
    for email in ("ada@example.com", "ADA@example.com", "ａda@example.com"):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(db, email, "wrong")
    with pytest.raises(accounts.TooManyTries):
        accounts.sign_in(db, "Ada@Example.com", PASSWORD)
    wait_out(db)
    assert accounts.sign_in(db, "ａdA@example.com", PASSWORD).first_name == "Ada"


def test_accounts_of_two_spellings_are_both_let_in(db: Database[Document]) -> None:
    """An earlier Loadlens took these for two emails."""
    accounts.register(db, "Ilse", "Ay", "ilse@example.com", PASSWORD)
    db["users"].update_one({}, {"$set": name_fields("İlse@example.com", "email")})
    accounts.register(db, "Ida", "Ay", "ida@example.com", ANOTHER)
    db["users"].update_one({"firstName": "Ida"}, {"$set": {"email": "ilse@example.com", "emailKey": "1"}})
    schema.assign_name_keys(db)
    assert accounts.sign_in(db, "İlse@example.com", PASSWORD).first_name == "Ilse"
    assert accounts.sign_in(db, "ilse@example.com", ANOTHER).first_name == "Ida"
    with pytest.raises(accounts.RegistrationRefused, match="already"):
        accounts.register(db, "Eve", "Ong", "ILSE@example.com", PASSWORD)


def test_an_unknown_email_is_slowed_down_like_a_known_one(db: Database[Document]) -> None:
    for _ in range(3):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(db, "nobody@example.com", "wrong")
    with pytest.raises(accounts.TooManyTries):
        accounts.sign_in(db, "nobody@example.com", "wrong")


def test_a_clock_set_back_neither_locks_for_ever_nor_unlocks(db: Database[Document]) -> None:
    ada(db)
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(db, "ada@example.com", "wrong")
    db["sign_in_failures"].update_one({}, {"$set": {"count": 10, "lockedUntil": datetime(2999, 1, 1)}})
    with pytest.raises(accounts.TooManyTries, match="for 15 minutes"):
        accounts.sign_in(db, "ada@example.com", PASSWORD)
    wait_out(db)
    accounts.sign_in(db, "ada@example.com", PASSWORD)


def test_programs_at_once_have_no_more_tries_than_one(
    db: Database[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada(db)
    looked_at: list[str] = []
    everybody = threading.Barrier(8)
    matches = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda *given: looked_at.append(given[0]) or matches(*given))

    def attempt(number: int) -> type[Exception]:
        everybody.wait()
        with pytest.raises(LoadlensError) as refusal:
            accounts.sign_in(db, "ada@example.com", f"wrong {number}")
        return refusal.type

    with ThreadPoolExecutor(8) as programs:
        refusals = list(programs.map(attempt, range(8)))
    assert len(looked_at) == 3
    assert refusals.count(accounts.TooManyTries) == 5


def test_what_is_typed_for_an_email_by_mistake_is_kept_nowhere(db: Database[Document]) -> None:
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(db, PASSWORD, "ada@example.com")
    assert db["sign_in_failures"].count_documents({}) == db["audit_log"].count_documents({}) == 0


def test_inactive_account_cannot_sign_in_nor_go_on(db: Database[Document], settings: Settings) -> None:
    session = Session.start(db, settings, ada(db), keep=True)
    db["users"].update_one({}, {"$set": {"status": "inactive"}})
    with pytest.raises(accounts.SignInRefused, match="inactive"):
        accounts.sign_in(db, "ada@example.com", PASSWORD)
    with pytest.raises(accounts.SessionExpired, match="inactive"):
        session.scope()
    assert Session.resume(db, settings) is None


def test_session_ends_by_itself_and_is_renewed_while_used(db: Database[Document], settings: Settings) -> None:
    session = Session.start(db, settings, ada(db))
    now = datetime.now(UTC)
    for minutes in (20, 40, 60):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert session.scope().role == "user"
    stored = db["sessions"].find_one()
    assert stored is not None
    assert stored["expiresAt"].replace(tzinfo=UTC) > now + timedelta(minutes=85)
    with time_machine.travel(now - timedelta(hours=5)):
        session.scope()  # a clock that is set back ends no session
    with time_machine.travel(now + timedelta(minutes=95)):
        with pytest.raises(accounts.SessionExpired, match="Sign in again"):
            session.scope()


def test_a_kept_session_outlives_a_night_in_which_the_machine_slept(
    db: Database[Document], settings: Settings
) -> None:
    session = Session.start(db, settings, ada(db), keep=True)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=14)):
        session.scope()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=9)):
        with pytest.raises(accounts.SessionExpired):
            session.scope()


def test_a_session_knows_what_its_account_may_at_each_call(
    db: Database[Document], settings: Settings
) -> None:
    session = Session.start(db, settings, ada(db))
    db["users"].update_one({}, {"$set": {"role": "admin", "firstName": "Augusta"}})
    assert session.scope().role == "admin"
    assert session.user.first_name == "Augusta"


def test_only_this_installations_tokens_open_a_session(db: Database[Document], settings: Settings) -> None:
    user = ada(db)
    Session.start(db, settings, user, keep=True)
    bo = Session.start(db, settings, accounts.register(db, "Bo", "Ng", "bo@example.com", PASSWORD))
    kept = keyring.get_password("Loadlens", str(settings.data_dir)) or ""
    claims = jwt.decode(kept, options={"verify_signature": False})
    day = timedelta(days=1)
    signed = {"key": settings.token_key, "algorithm": "HS256"}
    for forged in (
        jwt.encode(claims, "another installation's key.........", "HS256"),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, settings.token_key, "HS512"),
        jwt.encode({**claims, "type": "access"}, **signed),
        jwt.encode({**claims, "exp": datetime.now(UTC) - day}, **signed),
        jwt.encode({**claims, "sub": str(ObjectId())}, **signed),
        jwt.encode({**claims, "sub": bo.user.id}, **signed),
        jwt.encode({**claims, "sub": "$ne"}, **signed),
        jwt.encode({**claims, "sid": bo.id}, **signed),
        jwt.encode({**claims, "sid": OPERATOR}, **signed),
        jwt.encode({name: claim for name, claim in claims.items() if name != "exp"}, **signed),
        kept[:-4] + "AAAA",
        "",
    ):
        keyring.set_password("Loadlens", str(settings.data_dir), forged)
        assert Session.resume(db, settings) is None
    keyring.set_password("Loadlens", str(settings.data_dir), kept)
    resumed = Session.resume(db, settings)
    assert resumed is not None
    assert resumed.user == user


def test_a_call_is_let_in_by_an_access_token_of_this_installation_alone(settings: Settings) -> None:
    access = tokens.issue(settings, "access", str(ObjectId()), "a session")
    claims = jwt.decode(access, options={"verify_signature": False})
    assert tokens.read(settings, "access", access).session_id == "a session"
    for forged in (
        tokens.issue(settings, "refresh", claims["sub"], claims["sid"]),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, "another installation's key.........", "HS256"),
        jwt.encode({**claims, "exp": datetime.now(UTC) - timedelta(seconds=1)}, settings.token_key, "HS256"),
        jwt.encode({**claims, "sub": OPERATOR}, settings.token_key, "HS256"),
        jwt.encode({**claims, "sid": OPERATOR}, settings.token_key, "HS256"),
        "",
    ):
        with pytest.raises(tokens.NotValid):
            tokens.read(settings, "access", forged)


def test_a_kept_token_is_good_once_and_ends_the_session_when_it_comes_again(
    db: Database[Document], settings: Settings
) -> None:
    Session.start(db, settings, ada(db), keep=True)
    stolen = keyring.get_password("Loadlens", str(settings.data_dir)) or ""
    session = Session.resume(db, settings)
    assert session is not None
    session.scope()
    keyring.set_password("Loadlens", str(settings.data_dir), stolen)
    assert Session.resume(db, settings) is None
    with pytest.raises(accounts.SessionExpired, match="was ended"):
        session.scope()
    assert noted(db)[-1] == "sessions.ended"


def test_a_program_that_dies_before_it_kept_the_new_token_comes_back_with_the_old(
    db: Database[Document], settings: Settings
) -> None:
    Session.start(db, settings, ada(db), keep=True)
    first = keyring.get_password("Loadlens", str(settings.data_dir)) or ""
    working = keyring.get_keyring()
    for _ in range(2):
        keyring.set_keyring(_Forgetful(first))
        assert Session.resume(db, settings) is not None
    keyring.set_keyring(working)
    assert Session.resume(db, settings) is not None
    assert Session.resume(db, settings) is not None


class _Forgetful(keyring.backends.fail.Keyring):
    """Has a token and takes no other."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def get_password(self, service: str, username: str, msg: str | None = None) -> str:
        return self._token


def test_windows_that_start_at_once_share_the_kept_session(
    db: Database[Document], settings: Settings
) -> None:
    Session.start(db, settings, ada(db), keep=True)
    with ThreadPoolExecutor(6) as programs:
        resumed = list(programs.map(lambda _: Session.resume(db, settings), range(6)))
    assert None not in resumed
    assert Session.resume(db, settings) is not None


def test_sign_out_ends_the_session_wherever_its_tokens_are(
    db: Database[Document], settings: Settings
) -> None:
    session = Session.start(db, settings, ada(db), keep=True)
    kept = keyring.get_password("Loadlens", str(settings.data_dir)) or ""
    window = Session.resume(db, settings)
    assert window is not None
    session.sign_out()
    for token in (None, kept):
        if token:
            keyring.set_password("Loadlens", str(settings.data_dir), token)
        assert Session.resume(db, settings) is None
    for over in (session, window):
        with pytest.raises(accounts.SessionExpired):
            over.scope()
    assert noted(db)[-1] == "sign_out"


def test_who_signs_out_leaves_another_ones_kept_session(db: Database[Document], settings: Settings) -> None:
    user = ada(db)
    session = Session.start(db, settings, user)
    Session.start(db, settings, user, keep=True)
    session.sign_out()
    assert Session.resume(db, settings) is not None


def test_owner_changes_name_and_email(db: Database[Document], settings: Settings) -> None:
    session = Session.start(db, settings, ada(db))
    accounts.register(db, "Bo", "Ng", "bo@example.com", PASSWORD)
    accounts.change_name(session.scope(), " Augusta", "King ")
    with pytest.raises(accounts.RegistrationRefused, match="already"):
        accounts.change_email(session.scope(), PASSWORD, "BO@example.com")
    with pytest.raises(accounts.SignInRefused, match="not that of your account"):
        accounts.change_email(session.scope(), "wrong", "ada@king.example")
    accounts.change_email(session.scope(), PASSWORD, " ada@king.example ")
    session.scope()
    assert (session.user.first_name, session.user.last_name) == ("Augusta", "King")
    assert session.user.email == "ada@king.example"
    assert noted(db)[2:] == ["user.profile", "sign_in.refused", "user.profile"]


def test_a_new_password_ends_every_other_session(db: Database[Document], settings: Settings) -> None:
    user = ada(db)
    session = Session.start(db, settings, user, keep=True)
    stolen = keyring.get_password("Loadlens", str(settings.data_dir)) or ""
    elsewhere = Session.start(db, settings, user)
    with pytest.raises(accounts.SignInRefused):
        accounts.change_password(session, "wrong", ANOTHER)
    with pytest.raises(PasswordRefused, match="Choose another"):
        accounts.change_password(session, PASSWORD, PASSWORD)
    elsewhere.scope()

    before = session.id
    accounts.change_password(session, PASSWORD, ANOTHER)
    assert session.id != before
    assert [open_.current for open_ in accounts.list_sessions(session)] == [True]
    with pytest.raises(accounts.SessionExpired, match="password"):
        elsewhere.scope()
    assert Session.resume(db, settings) is not None
    keyring.set_password("Loadlens", str(settings.data_dir), stolen)
    assert Session.resume(db, settings) is None
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(db, user.email, PASSWORD)
    accounts.sign_in(db, user.email, ANOTHER)


def test_calls_that_are_on_their_way_outlive_a_change_of_password(
    db: Database[Document], settings: Settings
) -> None:
    session = Session.start(db, settings, ada(db))
    done = threading.Event()

    def work() -> int:
        calls = 0
        while not done.is_set():
            session.scope()
            calls += 1
        return calls

    with ThreadPoolExecutor(4) as pages:
        working = [pages.submit(work) for _ in range(4)]
        for old, new in ((PASSWORD, ANOTHER), (ANOTHER, PASSWORD)) * 3:
            accounts.change_password(session, old, new)
        done.set()
    assert all(each.result() for each in working)


def test_owner_sees_and_ends_the_sessions_of_the_account_alone(
    db: Database[Document], settings: Settings
) -> None:
    user = ada(db)
    bo = Session.start(db, settings, accounts.register(db, "Bo", "Ng", "bo@example.com", PASSWORD))
    session, second, third = (Session.start(db, settings, user, keep=keep) for keep in (True, False, False))
    assert {(each.id, each.kept, each.current) for each in accounts.list_sessions(session)} == {
        (session.id, True, True),
        (second.id, False, False),
        (third.id, False, False),
    }
    accounts.end_session(session, bo.id)
    bo.scope()
    accounts.end_session(session, second.id)
    with pytest.raises(accounts.SessionExpired):
        second.scope()
    assert accounts.end_other_sessions(session) == 1
    session.scope()
    accounts.sign_out_everywhere(session)
    assert Session.resume(db, settings) is None
    bo.scope()


def test_who_was_given_a_password_chooses_another_first(db: Database[Document], settings: Settings) -> None:
    user = ada(db)
    session = Session.start(db, settings, user, keep=True)
    db["sign_in_failures"].insert_one({"email": user.email, "count": 10, "lockedUntil": datetime(2999, 1, 1)})
    accounts.give_password(db, user.id, "given by the admin")
    with pytest.raises(accounts.SessionExpired):
        session.scope()
    assert Session.resume(db, settings) is None
    given = accounts.sign_in(db, user.email, "given by the admin")
    with pytest.raises(accounts.NewPasswordWanted):
        Session.start(db, settings, given)
    with pytest.raises(PasswordRefused):
        accounts.choose_password(db, user.email, "given by the admin", "short")
    chosen = accounts.choose_password(db, user.email, "given by the admin", ANOTHER)
    Session.start(db, settings, chosen).scope()
    assert not accounts.sign_in(db, user.email, ANOTHER).must_change_password


def test_nothing_that_is_printed_or_noted_holds_a_secret(
    db: Database[Document], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "services")
    user = ada(db)
    session = Session.start(db, settings, user, keep=True)
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(db, user.email, "wrong and secret")
    accounts.change_password(session, PASSWORD, ANOTHER)
    stored = db["users"].find_one() or {}
    token = keyring.get_password("Loadlens", str(settings.data_dir)) or ""
    audit = [{**entry, "at": None} for entry in db["audit_log"].find()]
    printed = f"{session!r} {session.scope()!r} {user!r} {settings!r} {audit} {caplog.text}"
    for secret in (PASSWORD, ANOTHER, "wrong and secret", stored["password"], token, settings.token_key):
        assert secret
        assert secret not in printed


def test_superuser_is_an_admin(db: Database[Document]) -> None:
    accounts.create_superuser(db, "root@example.com", PASSWORD)
    assert accounts.scope_of(db, "root@example.com").role == "admin"


@pytest.mark.parametrize("weak", ["password1234", "EveOng-2024"])
def test_no_way_to_set_a_password_takes_one_that_is_easy_to_guess(
    db: Database[Document], settings: Settings, weak: str
) -> None:
    eve = accounts.register(db, "Eve", "Ong", "eve@example.com", PASSWORD)
    session = Session.start(db, settings, eve)
    for call in (
        lambda: accounts.register(db, "Eve", "Ong", "eve.ong@example.com", weak),
        lambda: accounts.create_superuser(db, "eveong@example.com", "eveong@example.com"),
        lambda: accounts.change_password(session, PASSWORD, weak),
        lambda: accounts.choose_password(db, eve.email, PASSWORD, weak),
        lambda: accounts.give_password(db, eve.id, weak),
    ):
        with pytest.raises(PasswordRefused, match=r"guess|would try"):
            call()
    assert accounts.sign_in(db, eve.email, PASSWORD) == eve


def test_an_account_from_before_signs_in_with_the_weak_password_it_has(db: Database[Document]) -> None:
    user = ada(db)
    old = bcrypt.hashpw(b"password1234", bcrypt.gensalt(4)).decode()
    db["users"].update_one({}, {"$set": {"password": old}})
    assert accounts.sign_in(db, user.email, "password1234").id == user.id


def test_the_longest_passwords_are_scored_in_bearable_time(monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[int] = []
    zxcvbn = importlib.import_module("zxcvbn")
    real = zxcvbn.zxcvbn
    monkeypatch.setattr(zxcvbn, "zxcvbn", lambda text, **more: scored.append(len(text)) or real(text, **more))
    assert passwords.strength("aaaaaaaa" * 5 + "ladder under moonlight").refusal is None
    assert passwords.strength("4@8({[<369&#!1/|0$5+7%2" * 3).refusal is None
    assert max(scored) <= 36
