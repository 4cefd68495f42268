"""Alert rules, quiet hours and mail as they are set up in the settings."""

from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from socket import socket

import pandas as pd
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.settings.alert_rule_dialog import AlertRuleDialog
from desktop.features.settings.alert_rules_panel import AlertRulesPanel
from desktop.features.settings.mail_panel import MailPanel
from desktop.features.settings.mail_view_model import MASK
from services import alerts, importing, notifications
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def readings(scope: Scope, tmp_path: Path) -> None:
    """Ten days of a pump that used 24 kWh a day, and 48 on one of them."""
    date = pd.date_range("2024-03-20", "2024-03-30", freq="h", inclusive="left")
    kwh = pd.Series(1.0, index=date)
    kwh["2024-03-25"] = 2.0
    path = tmp_path / "meters.csv"
    pd.DataFrame({"date": date, "device": "Pump", "kWh": kwh.to_numpy()}).to_csv(path, index=False)
    importing.import_file(scope, path)


@pytest.fixture
def unused_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(unused_port: int) -> Iterator[tuple[list[Message], int]]:
    """A mail server; what it has taken, and its port."""
    taken: list[Message] = []

    class Taking(MessageHandler):
        def handle_message(self, message: Message) -> None:
            taken.append(message)

    controller = Controller(Taking(), hostname="127.0.0.1", port=unused_port)
    controller.start()
    yield taken, unused_port
    controller.stop()


def panel(workplace: Workplace, kind: type) -> "AlertRulesPanel | MailPanel":
    workplace.show("settings", "mail" if kind is MailPanel else "rules")
    return workplace.window.findChild(kind)


def save(dialog: AlertRuleDialog) -> None:
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()


def words(rules: AlertRulesPanel) -> list[list[str]]:
    model = rules.list.model()
    return [[model.index(r, c).data() for c in range(4)] for r in range(model.rowCount())]


def test_a_rule_is_added_switched_off_snoozed_and_deleted(
    readings: None, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    rules = panel(workplace, AlertRulesPanel)
    assert isinstance(rules, AlertRulesPanel)
    qtbot.waitUntil(lambda: len(workplace.alert_rules.subjects) > 1, timeout=PATIENCE)
    rules.add.click()
    dialog = rules.findChild(AlertRuleDialog)
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()
    dialog.unit.set_value("cost day")
    dialog.limit.setText("30")
    save(dialog)
    qtbot.waitUntil(lambda: "What energy costs is not known" in dialog.banner.text, timeout=PATIENCE)
    dialog.unit.set_value("kWh day")
    with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE) as arrived:
        save(dialog)
    assert "48.0 kWh a day" in arrived.args[0][0].message
    qtbot.waitUntil(lambda: words(rules) != [], timeout=PATIENCE)
    assert words(rules) == [["More than 30.0 kWh a day", "The whole facility", "Medium", "On"]]
    assert rules.banner.text == "The rule is saved, and has found one event already."
    assert len(alerts.list_alerts(scope)) == 1

    rules.list.choose(0)
    rules.snooze.menu().actions()[1].trigger()
    qtbot.waitUntil(lambda: words(rules)[0][3].startswith("Snoozed until"), timeout=PATIENCE)
    rules.list.choose(0)
    rules.switch.click()
    qtbot.waitUntil(lambda: words(rules)[0][3] == "Off", timeout=PATIENCE)
    qtbot.waitUntil(lambda: alerts.list_alerts(scope) == [], timeout=PATIENCE)
    rules.list.choose(0)
    rules.remove.click()
    box = rules.window().findChild(QMessageBox) or rules.findChild(QMessageBox)
    next(b for b in box.buttons() if b.objectName() == "confirm").click()
    qtbot.waitUntil(lambda: words(rules) == [], timeout=PATIENCE)


def test_quiet_hours_are_kept(workplace: Workplace, scope: Scope, qtbot: QtBot) -> None:
    rules = panel(workplace, AlertRulesPanel)
    assert isinstance(rules, AlertRulesPanel)
    rules.quiet.on.click()
    qtbot.waitUntil(
        lambda: notifications.quiet_hours_of(scope) == notifications.QuietHours(22, 7), timeout=PATIENCE
    )
    qtbot.waitUntil(rules.quiet.start.isEnabled, timeout=PATIENCE)
    rules.quiet.on.click()
    qtbot.waitUntil(lambda: notifications.quiet_hours_of(scope) is None, timeout=PATIENCE)


def test_mail_is_set_up_tried_and_sent(
    readings: None,
    workplace: Workplace,
    scope: Scope,
    server: tuple[list[Message], int],
    qtbot: QtBot,
) -> None:
    taken, port = server
    mail = panel(workplace, MailPanel)
    assert isinstance(mail, MailPanel)
    qtbot.waitUntil(mail.isEnabled, timeout=PATIENCE)
    assert mail.recipients.text() == "ada@example.com"
    mail.test.click()
    qtbot.waitUntil(lambda: "name of the mail server" in mail.banner.text, timeout=PATIENCE)
    mail.host.setText("127.0.0.1")
    mail.security.set_value("none")
    mail.port.setText(str(port))
    mail.test.click()
    qtbot.waitUntil(lambda: "has taken a test mail to ada@example.com" in mail.banner.text, timeout=PATIENCE)
    assert [message["Subject"] for message in taken] == ["Loadlens: test mail"]
    assert notifications.mailed_from(scope) is None  # tried, but not saved

    qtbot.waitUntil(mail.save.isEnabled, timeout=PATIENCE)
    mail.enabled.setChecked(True)
    mail.password.setText("of no use here")
    mail.save.click()
    qtbot.waitUntil(lambda: notifications.mailed_from(scope) == "low", timeout=PATIENCE)
    alerts.save_rule(scope, alerts.Rule("limit", limit=30.0))
    alerts.check_rules(scope)
    with qtbot.waitSignal(workplace.delivery.mailed, timeout=PATIENCE):
        workplace.delivery.work()
    subject = " ".join(taken[1]["Subject"].split())  # which is folded on its way
    assert subject == f"Loadlens: {alerts.list_alerts(scope)[0].message}"
    model = mail.last.list.model()
    qtbot.waitUntil(
        lambda: [str(model.index(row, 2).data())[:5] for row in range(model.rowCount())] == ["Sent "],
        timeout=PATIENCE,
    )
    # Of a password that is kept the window shows that it is, and no more.
    qtbot.waitUntil(lambda: mail.password.text() == MASK, timeout=PATIENCE)
    mail.host.setFocus()
    qtbot.keyClicks(mail.host, "9")
    assert mail.password.text() == ""


def test_mail_that_no_server_takes_is_shown_to_wait_with_the_reason(
    readings: None, workplace: Workplace, scope: Scope, unused_port: int, qtbot: QtBot
) -> None:
    mail = panel(workplace, MailPanel)
    assert isinstance(mail, MailPanel)
    qtbot.waitUntil(mail.isEnabled, timeout=PATIENCE)
    for edit, text in ((mail.host, "127.0.0.1"), (mail.port, str(unused_port))):
        edit.setText(text)
    mail.security.set_value("none")
    mail.enabled.setChecked(True)
    mail.save.click()
    qtbot.waitUntil(lambda: notifications.mailed_from(scope) == "low", timeout=PATIENCE)
    alerts.save_rule(scope, alerts.Rule("limit", limit=30.0))
    alerts.check_rules(scope)
    workplace.delivery.work()
    model = mail.last.list.model()
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: str(model.index(0, 2).data()).startswith("Next try "), timeout=PATIENCE)
    assert f"127.0.0.1:{unused_port} cannot be reached" in mail.last.reason.text()


def test_a_rule_is_filled_in_by_keyboard_from_top_to_bottom(workplace: Workplace, qtbot: QtBot) -> None:
    rules = panel(workplace, AlertRulesPanel)
    assert isinstance(rules, AlertRulesPanel)
    rules.add.click()
    dialog = rules.findChild(AlertRuleDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE)
    dialog.kind.set_value("outside_hours")
    dialog.kind.setFocus()
    for field in (dialog.subject, dialog.limit, *dialog.weekdays.findChildren(QAbstractButton)):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is field
    for field in (dialog.start, dialog.end, dialog.severity):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is field
    for key, field in ((Qt.Key.Key_L, dialog.limit), (Qt.Key.Key_H, dialog.start)):
        qtbot.keyClick(dialog, key, Qt.KeyboardModifier.AltModifier)
        assert QApplication.focusWidget() is field
