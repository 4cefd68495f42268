"""The administration page: accounts, what all of them hold, and the audit log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bson import ObjectId
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.administration.page import AdministrationWindow
from desktop.features.administration.users_panel import PasswordDialog, UserDialog
from desktop.widgets.record_view import RecordView
from services import accounts, devices
from services.importing import import_file
from services.names import name_fields
from services.scope import Scope

PATIENCE = 20_000
SAVE = QDialogButtonBox.StandardButton.Save


@pytest.fixture
def bob(scope: Scope) -> Scope:
    """Another user, with Ada's password; and Ada is an administrator."""
    ada = scope.db["users"].find_one({}) or {}
    changed = {"_id": ObjectId(), "firstName": "Bob", "lastName": "O'Neill"}
    scope.db["users"].insert_one({**ada, **changed, **name_fields("bob@example.com", "email")})
    scope.db["users"].update_one({"_id": scope.user_id}, {"$set": {"role": "admin"}})
    return accounts.scope_of(scope.db, "bob@example.com")


@pytest.fixture
def page(bob: Scope, workplace: Workplace, qtbot: QtBot) -> AdministrationWindow:
    shown = workplace.go("administration")
    assert isinstance(shown, AdministrationWindow)
    qtbot.waitUntil(lambda: len(rows(shown.users.list)) == 2, timeout=PATIENCE)
    return shown


def rows(view: RecordView, columns: int = 4) -> list[list[str]]:
    """What is written in the first columns."""
    model = view.model()
    return [[model.index(r, c).data() for c in range(columns)] for r in range(model.rowCount())]


def choose(page: AdministrationWindow, email: str) -> None:
    page.users.list.choose(next(i for i, row in enumerate(rows(page.users.list)) if row[1] == email))


def answer_yes(page: AdministrationWindow) -> str:
    """Press the button of the question that is asked; the question."""
    box = page.findChild(QMessageBox)
    next(button for button in box.buttons() if button.objectName() == "confirm").click()
    return str(box.text())


def test_who_is_no_administrator_has_no_such_page(workplace: Workplace) -> None:
    assert "administration" not in [page.name for page in workplace.window.navigation.pages]
    assert workplace.go("administration") is workplace.go("dashboard")


def test_accounts_are_kept(page: AdministrationWindow, bob: Scope, qtbot: QtBot) -> None:
    ada_row, bob_row = rows(page.users.list)
    assert ada_row == ["Ada Wong", "ada@example.com", "Administrator", "Active"]
    assert bob_row == ["Bob O'Neill", "bob@example.com", "User", "Active"]

    page.users.add.click()
    dialog = page.findChild(UserDialog)
    given = dialog.password.text()
    assert len(given) == 19
    dialog.password.setText("EveOng-2024")
    qtbot.waitUntil(lambda: "ard to guess." in dialog.password.strength.text, timeout=PATIENCE)
    dialog.first_name.setText("Eve")
    assert not dialog.buttons.button(SAVE).isEnabled()
    dialog.last_name.setText("Ong")
    qtbot.waitUntil(lambda: "is easy to guess" in dialog.password.strength.text, timeout=PATIENCE)
    dialog.password.setText(given)
    qtbot.waitUntil(lambda: dialog.password.strength.text == "Very hard to guess.", timeout=PATIENCE)
    dialog.email.setText("BOB@example.com")
    dialog.buttons.button(SAVE).click()
    qtbot.waitUntil(lambda: "BOB@example.com already" in dialog.banner.text, timeout=PATIENCE)
    dialog.email.setText("eve@example.com")
    dialog.role.set_value("admin")
    dialog.buttons.button(SAVE).click()
    qtbot.waitUntil(lambda: len(rows(page.users.list)) == 3, timeout=PATIENCE)
    assert page.banner.text == "eve@example.com can sign in now, and chooses another password then."
    assert rows(page.users.list)[2] == [
        "Eve Ong",
        "eve@example.com",
        "Administrator",
        "Must choose a password",
    ]
    assert accounts.sign_in(bob.db, "eve@example.com", given).must_change_password

    choose(page, "eve@example.com")
    page.users.role.click()
    assert answer_yes(page) == "Is eve@example.com no administrator any more?"
    qtbot.waitUntil(lambda: rows(page.users.list)[2][2] == "User", timeout=PATIENCE)
    choose(page, "bob@example.com")
    page.users.status.click()
    assert answer_yes(page) == "Deactivate bob@example.com?"
    qtbot.waitUntil(lambda: rows(page.users.list)[1][3] == "Inactive", timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.users.status.text() == "Ac&tivate", timeout=PATIENCE)
    page.users.status.click()  # what gives rights back asks nothing
    qtbot.waitUntil(lambda: rows(page.users.list)[1][3] == "Active", timeout=PATIENCE)

    page.users.password.click()
    reset = page.findChild(PasswordDialog)
    reset.password.setText("BobONeill2024!")
    qtbot.waitUntil(lambda: "is easy to guess" in reset.password.strength.text, timeout=PATIENCE)
    reset.submit.click()
    qtbot.waitUntil(lambda: "is easy to guess" in reset.banner.text, timeout=PATIENCE)
    reset.password.setText("ladder under moonlight")
    reset.submit.click()
    qtbot.waitUntil(lambda: "has a new password" in page.banner.text, timeout=PATIENCE)
    assert accounts.sign_in(bob.db, "bob@example.com", "ladder under moonlight").must_change_password

    choose(page, "ada@example.com")
    assert not page.users.password.isEnabled()  # that is what the settings are for
    page.users.role.click()
    answer_yes(page)
    qtbot.waitUntil(lambda: "the only active administrator" in page.banner.text, timeout=PATIENCE)


def test_what_is_typed_is_found_as_it_is(page: AdministrationWindow, qtbot: QtBot) -> None:
    page.users.found.search.setText("o'neill BOB")
    qtbot.waitUntil(
        lambda: [row[1] for row in rows(page.users.list)] == ["bob@example.com"], timeout=PATIENCE
    )
    assert page.users.found.count.text() == "1 found"
    page.users.found.search.setText(".*")
    qtbot.waitUntil(page.users.found.no_match.isVisible, timeout=PATIENCE)
    page.users.found.no_match.action.click()
    qtbot.waitUntil(lambda: len(rows(page.users.list)) == 2, timeout=PATIENCE)
    assert page.users.list.isVisible()


def test_devices_and_imports_of_all_users_are_seen(
    page: AdministrationWindow, bob: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    page.tabs.setCurrentIndex(1)
    qtbot.waitUntil(page.devices.none.isVisible, timeout=PATIENCE)
    (tmp_path / "pumps.csv").write_text("date,device,kWh\n2024-03-01,Pump,1\n2024-03-02,Pump,2\n")
    import_file(bob, tmp_path / "pumps.csv", timezone="UTC")
    devices.add_device(bob, "Fan")
    page.tabs.setCurrentIndex(2)
    page.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(rows(page.devices.list)) == 2, timeout=PATIENCE)
    assert [row[:2] + row[4:] for row in rows(page.devices.list, 6)] == [
        ["Fan", "bob@example.com", "0", "–"],
        ["Pump", "bob@example.com", "2", "1 Mar 2024, 16:00"],  # as Ada's clock in California shows it
    ]
    page.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: len(rows(page.imports.list)) == 1, timeout=PATIENCE)
    assert rows(page.imports.list, 5)[0][1:] == ["pumps.csv", "bob@example.com", "Done", "2"]


def test_the_audit_log_is_searched_read_on_and_saved(
    page: AdministrationWindow, bob: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    then = datetime.now(UTC) - timedelta(days=10)
    bob.db["audit_log"].insert_many(
        {
            "at": then - timedelta(minutes=place),
            "action": "device.deleted" if place == 3 else "sign_in",
            "userId": bob.user_id,
            "email": "bob@example.com",
            "subject": "Pump (2)" if place == 3 else "",
            "detail": {"devices": 1} if place == 3 else {},
            "host": "mill-03",
        }
        for place in range(600)
    )
    page.tabs.setCurrentIndex(3)
    audit = page.audit
    qtbot.waitUntil(lambda: len(rows(audit.list)) == 500, timeout=PATIENCE)
    assert rows(audit.list)[0][1:3] == ["ada@example.com", "Signed in"]
    assert audit.count.text() == "The newest 500"
    audit.older.click()
    qtbot.waitUntil(lambda: len(rows(audit.list)) > 600, timeout=PATIENCE)
    assert not audit.older.isVisible()

    audit.filter.search.setText("pump (2)")
    qtbot.waitUntil(lambda: len(rows(audit.list)) == 1, timeout=PATIENCE)
    audit.list.choose(0)
    assert "bob@example.com · Deleted Pump (2) · devices: 1 · mill-03" in audit.details.text()
    audit.filter.period.set_value("week")
    audit.filter.period.activated.emit(2)
    qtbot.waitUntil(audit.no_match.isVisible, timeout=PATIENCE)
    audit.no_match.action.click()
    qtbot.waitUntil(lambda: len(rows(audit.list)) == 500, timeout=PATIENCE)
    audit.filter.group.set_value("deletions")
    audit.filter.group.activated.emit(4)
    qtbot.waitUntil(lambda: len(rows(audit.list)) == 1, timeout=PATIENCE)

    audit.save.click()
    path = tmp_path / "log.csv"
    audit.findChild(QFileDialog).fileSelected.emit(str(path))
    qtbot.waitUntil(lambda: page.banner.text == f"The audit log is saved: {path}", timeout=PATIENCE)
    assert "Pump (2)" in path.read_text()


def test_who_is_no_administrator_any_more_sees_nothing_more(
    page: AdministrationWindow, scope: Scope, bob: Scope, qtbot: QtBot
) -> None:
    scope.db["users"].update_one({"_id": bob.user_id}, {"$set": {"role": "admin"}})
    choose(page, "ada@example.com")
    page.users.role.click()
    answer_yes(page)
    qtbot.waitUntil(lambda: "Only an administrator may do this" in page.banner.text, timeout=PATIENCE)
    assert rows(page.users.list) == []
    for tab, view in ((1, page.devices.list), (2, page.imports.list), (3, page.audit.list)):
        page.banner.hide()
        page.tabs.setCurrentIndex(tab)
        qtbot.waitUntil(page.banner.isVisible, timeout=PATIENCE)
        assert "an administrator may do this" in page.banner.text
        assert rows(view) == []
