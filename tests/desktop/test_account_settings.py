"""The account's tab of the settings: name, email, password, and where one is signed in."""

import pytest
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.settings.account_panel import AccountPanel
from services import accounts
from services.accounts import Session
from services.scope import Scope
from services.settings import Settings

PATIENCE = 20_000
PASSWORD = "correct horse battery"


@pytest.fixture
def panel(workplace: Workplace, qtbot: QtBot) -> AccountPanel:
    """Opened by a click on the user's name."""
    workplace.window.sidebar.user.click()
    found = workplace.window.findChild(AccountPanel)
    assert found.isVisible()
    qtbot.waitUntil(lambda: workplace.account.sessions.rowCount() > 0, timeout=PATIENCE)
    return found


def test_name_and_email_are_changed(
    panel: AccountPanel, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    name, banner = panel.name, panel.banner
    assert (name.first_name.text(), name.email.text()) == ("Ada", "ada@example.com")
    assert not name.password.isEnabled()
    name.first_name.clear()
    name.save.click()
    assert banner.text == "Enter your first and your last name."
    name.first_name.setText("Augusta")
    name.save.click()
    qtbot.waitUntil(lambda: workplace.window.sidebar.user.text() == "Augusta Wong", timeout=PATIENCE)
    assert banner.text == "Your name and email are saved."

    qtbot.keyClicks(name.email, ".uk")
    name.save.click()
    assert banner.text.startswith("Enter your password, too")
    name.password.setText("wrong")
    name.save.click()
    qtbot.waitUntil(lambda: banner.text.startswith("The password is not that"), timeout=PATIENCE)
    assert name.email.text() == "ada@example.com.uk"  # what was typed is there to be mended
    qtbot.waitUntil(name.save.isEnabled, timeout=PATIENCE)
    name.password.setText(PASSWORD)
    name.save.click()
    qtbot.waitUntil(lambda: workplace.account.user.email == "ada@example.com.uk", timeout=PATIENCE)
    assert name.password.text() == ""
    assert accounts.sign_in(scope.db, "ada@example.com.uk", PASSWORD).first_name == "Augusta"


def test_a_new_password_ends_the_other_sessions_and_not_this_one(
    panel: AccountPanel, workplace: Workplace, scope: Scope, settings: Settings, qtbot: QtBot
) -> None:
    elsewhere = Session.start(scope.db, settings, accounts.sign_in(scope.db, "ada@example.com", PASSWORD))
    password, banner, new = panel.password, panel.banner, "ladder under moonlight"
    password.old.setText("wrong")
    password.new.setText("aaaaaaaaaaaa")
    password.repeated.setText("aaaaaaaaaaaa")
    qtbot.waitUntil(lambda: "among the first" in password.strength.text, timeout=PATIENCE)
    password.change.click()
    assert "among the first that anybody would try" in banner.text
    password.new.setText(new)
    qtbot.waitUntil(lambda: "ard to guess" in password.strength.text, timeout=PATIENCE)
    password.change.click()
    assert banner.text == "The two new passwords differ."
    password.repeated.setText(new)
    password.change.click()
    qtbot.waitUntil(lambda: banner.text.startswith("The password is not that"), timeout=PATIENCE)
    qtbot.waitUntil(password.change.isEnabled, timeout=PATIENCE)
    password.old.setText(PASSWORD)
    password.change.click()
    qtbot.waitUntil(lambda: banner.text.startswith("Your password is changed"), timeout=PATIENCE)
    assert [field.text() for field in (password.old, password.new, password.repeated)] == [""] * 3
    with pytest.raises(accounts.SessionExpired):
        elsewhere.scope()
    assert accounts.sign_in(scope.db, "ada@example.com", new).email == "ada@example.com"
    with qtbot.waitSignal(workplace.account.loaded, timeout=PATIENCE):  # here one goes on
        workplace.account.refresh()


def test_signed_out_everywhere_else(
    panel: AccountPanel, workplace: Workplace, scope: Scope, settings: Settings, qtbot: QtBot
) -> None:
    assert not panel.sessions.end.isEnabled()
    elsewhere = Session.start(scope.db, settings, accounts.sign_in(scope.db, "ada@example.com", PASSWORD))
    workplace.account.refresh()
    qtbot.waitUntil(panel.sessions.end.isEnabled, timeout=PATIENCE)
    model = panel.sessions.list.model()
    assert sorted(model.index(row, 3).data() for row in range(2)) == ["This one", "Until it is closed"]
    panel.sessions.end.click()
    qtbot.waitUntil(lambda: "here you stay signed in" in panel.banner.text, timeout=PATIENCE)
    with pytest.raises(accounts.SessionExpired):
        elsewhere.scope()
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=PATIENCE)
    assert workplace.window.isVisible()
