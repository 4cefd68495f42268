"""To add a page: a spec in its folder, and one entry in `desktop.app.pages.PAGES`."""

import time

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.app import session_context
from desktop.app.application import Application
from desktop.framework.page_spec import Command, PageContext, PageSpec, ViewModelSpec
from desktop.framework.view_model import SessionViewModel
from services.scope import Scope


class Projects(SessionViewModel):
    reads = 0

    def refresh(self) -> None:
        self.reads += 1


def build(context: PageContext) -> QLabel:
    context.visit(context.get(Projects))
    return QLabel("Projects")


PROJECTS = PageSpec(
    name="projects",
    title="Pro&jects",
    icon="cog-outline",
    build=build,
    show=lambda _context, page, name: page.setText(name),
    commands=(Command("Pro&jects", "cog-outline", lambda context: context.go("projects")),),
    view_models=(
        ViewModelSpec(
            Projects, lambda context: Projects(context.session, context), follows=frozenset({"projects"})
        ),
    ),
)


def test_a_page_of_one_spec_is_in_window_and_tray_and_follows_the_database(
    application: Application, scope: Scope, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(session_context, "PAGES", (*session_context.PAGES, PROJECTS))
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText("correct horse battery")
    login.submit.click()
    qtbot.waitUntil(lambda: application.context is not None, timeout=20_000)
    context = application.context
    assert "projects" in [page.name for page in context.window.navigation.pages]
    assert "Pro&jects" in [action.text() for action in application.tray.icon.contextMenu().actions()]
    projects = context.get(Projects)
    context.follow({"projects"}, time.monotonic())
    assert projects.reads == 0, "nobody has looked at it"
    context.show("projects", "Lighting")
    assert context.window.navigation.currentWidget().text() == "Lighting"
    assert projects.reads == 1
    context.follow({"alerts"}, time.monotonic())
    assert projects.reads == 1
    context.follow({"projects"}, time.monotonic())
    assert projects.reads == 2
