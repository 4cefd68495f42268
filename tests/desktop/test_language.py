"""A catalogue in another language: the window, and what services say, both in it."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from desktop.app.language import use_language
from desktop.features.accounts.sign_in_view_models import LoginViewModel
from desktop.features.accounts.sign_in_windows import LoginWindow
from desktop.framework.opened import Opened
from services.messages import catalogue
from services.scope import Scope
from services.settings import Settings

GERMAN = {
    "Sign in": "Anmelden",
    "&Sign in": "&Anmelden",
    "Email or password is wrong. Check both and try again.": "E-Mail oder Passwort ist falsch. Prüfe beide.",
}


@pytest.fixture
def german(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QLocale:
    """A small catalogue, as a translator's would be compiled."""
    found = Catalog(locale="de")
    for message, translated in GERMAN.items():
        found.add(message, translated)
    compiled = io.BytesIO()
    write_mo(compiled, found)
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "loadlens.mo").write_bytes(compiled.getvalue())
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path / "locale")
    return QLocale("de_AT")


def test_window_and_refusals_are_in_the_language_of_the_catalogue(
    scope: Scope, settings: Settings, german: QLocale, qapp: QApplication, qtbot: QtBot
) -> None:
    use_language(qapp, german)
    try:
        view_model = LoginViewModel(lambda: Opened(settings, scope.db))
        login = LoginWindow(view_model)
        qtbot.addWidget(login)
        assert (login.windowTitle(), login.submit.text()) == ("Anmelden", "&Anmelden")
        login.email.setText("ada@example.com")
        login.password.setText("not her password")
        with qtbot.waitSignal(view_model.refused, timeout=20_000) as refused:
            login.submit.click()
        assert refused.args[0] == GERMAN["Email or password is wrong. Check both and try again."]
        assert login.banner.text == refused.args[0]
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, login)
        assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen", "Qt's own catalogue"
    finally:
        assert not use_language(qapp, QLocale("en_GB"))
    assert LoginWindow(view_model, login).windowTitle() == "Sign in"
