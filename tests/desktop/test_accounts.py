import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring.backends.fail
from pymongo.database import Database
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.app.application import Application
from services import accounts
from services.scope import Document, Scope
from services.settings import Settings

PASSWORD = "correct horse battery"
PATIENCE = 20_000
"""Milliseconds that a busy machine may take for a sign-in."""


def _fill(application: Application, **fields: str) -> None:
    for field, text in fields.items():
        application.entrance.registration.fields[field].setText(text)


def test_who_registers_is_signed_in_and_can_sign_out_and_in_again(
    application: Application, db: Database[Document], qtbot: QtBot
) -> None:
    qtbot.mouseClick(application.entrance.login.register, Qt.MouseButton.LeftButton)
    form = application.entrance.registration
    _fill(application, first_name="Ada", last_name="Wong", email="ada@example.com")
    _fill(application, password=PASSWORD, repeated=PASSWORD)
    qtbot.keyClick(form.fields["repeated"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    window = application.context.window
    assert window.isVisible()
    assert not application.entrance.isVisible()
    assert accounts.scope_of(db, "ada@example.com").role == "user"

    window.sign_out_wanted.emit()
    qtbot.waitUntil(application.entrance.login.isVisible)
    assert application.context is None
    assert form.fields["password"].text() == ""

    login = application.entrance.login
    login.email.setText("ADA@example.com")
    login.password.setText(PASSWORD)
    qtbot.keyClick(login.password, Qt.Key.Key_Return)
    assert not login.submit.isEnabled()
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)


def test_a_wrong_password_is_said_and_can_be_typed_anew(
    application: Application, scope: Scope, qtbot: QtBot
) -> None:
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText("wrong")
    login.submit.click()
    qtbot.waitUntil(login.banner.isVisible, timeout=PATIENCE)
    assert login.banner.text == "Email or password is wrong. Check both and try again."
    assert login.password.isEnabled()
    assert login.password.selectedText() == "wrong"
    assert application.context is None


def test_a_locked_email_is_told_how_long_to_wait(
    application: Application, scope: Scope, qtbot: QtBot
) -> None:
    now = datetime.now(UTC)
    failures = {
        "email": "ada@example.com",
        "count": 10,
        "last": now,
        "lockedUntil": now + timedelta(minutes=14.5),
    }
    scope.db["sign_in_failures"].insert_one(failures)
    login = application.entrance.login
    login.email.setText("Ada@example.com")
    login.password.setText(PASSWORD)
    login.submit.click()
    qtbot.waitUntil(login.banner.isVisible, timeout=PATIENCE)
    assert "15 minutes" in login.banner.text
    assert application.context is None


def test_who_was_given_a_password_chooses_another_before_anything_else(
    application: Application, scope: Scope, qtbot: QtBot
) -> None:
    accounts.give_password(scope.db, str(scope.user_id), "given by the admin")
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText("given by the admin")
    login.submit.click()
    form = application.entrance.new_password
    qtbot.waitUntil(form.isVisible, timeout=PATIENCE)
    assert login.password.text() == ""
    qtbot.keyClicks(form.password, "AdaWong2024")
    qtbot.keyClicks(form.repeated, "AdaWong2024")
    qtbot.waitUntil(lambda: "is easy to guess" in form.strength.text, timeout=PATIENCE)
    qtbot.keyClick(form.repeated, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is easy to guess" in form.banner.text, timeout=PATIENCE)
    form.password.setText(PASSWORD + " 2")
    form.repeated.setText(PASSWORD)
    form.submit.click()
    assert form.banner.text == "The two passwords differ."
    form.repeated.setText(PASSWORD + " 2")
    qtbot.keyClick(form.repeated, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    assert form.password.text() == form.repeated.text() == ""
    assert not accounts.sign_in(scope.db, "ada@example.com", PASSWORD + " 2").must_change_password


def test_registration_says_at_each_field_what_to_mend(
    application: Application, scope: Scope, qtbot: QtBot
) -> None:
    form = application.entrance.registration
    _fill(application, first_name="", last_name="Wong", email="ada", password="short", repeated="other")
    qtbot.waitUntil(lambda: "8 characters" in form.strength.text)
    form.submit.click()
    shown = {field: hint.text() for field, hint in form.hints.items() if not hint.isHidden()}
    assert shown == {
        "first_name": "Enter your first name.",
        "email": "Write it like name@example.com.",
        "repeated": "The two passwords differ.",
    }
    _fill(application, first_name="Ada", email="ada@example.com", password=PASSWORD, repeated=PASSWORD)
    qtbot.waitUntil(lambda: form.strength.text == "Very hard to guess.")
    form.submit.click()
    qtbot.waitUntil(lambda: not form.banner.isHidden(), timeout=PATIENCE)
    assert "ada@example.com" in form.banner.text


def test_a_kept_session_goes_straight_to_the_window(
    launch: Callable[[Settings], Application], settings: Settings, scope: Scope, qtbot: QtBot
) -> None:
    user = accounts.sign_in(scope.db, "ada@example.com", PASSWORD)
    accounts.Session.start(scope.db, settings, user, keep=True)
    application = launch(settings)
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    assert application.context.main.user_name == "Ada Wong"


def test_an_expired_session_leads_back_to_the_entrance(
    application: Application, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    scope.db["users"].update_one({"_id": scope.user_id}, {"$set": {"status": "inactive"}})
    workplace.go("devices")
    qtbot.waitUntil(application.entrance.isVisible)
    assert application.context is None
    assert "inactive" in application.entrance.login.banner.text


def test_a_database_that_cannot_start_is_explained_and_can_be_tried_again(
    launch: Callable[[Settings], Application], tmp_path: Path, qtbot: QtBot
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        application = launch(Settings(_env_file=None, loadlens_data_dir=tmp_path / "data", mongodb_port=port))
        start = application.entrance.start
        qtbot.waitUntil(start.banner.isVisible, timeout=PATIENCE)
        assert str(port) in start.banner.text
    start.try_again.click()
    qtbot.waitUntil(application.entrance.login.isVisible, timeout=PATIENCE)


def test_a_session_that_no_keyring_takes_is_not_said_to_be_kept(
    application: Application, scope: Scope, qtbot: QtBot
) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText(PASSWORD)
    login.keep.setChecked(True)
    login.submit.click()
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    banner = application.context.window.banner
    assert banner.isVisible()
    assert "no keyring" in banner.text
