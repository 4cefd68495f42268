from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop import theme
from desktop.app.application import Application
from desktop.features.imports.view_model import Stage
from services import accounts
from services.scope import Scope
from services.settings import Settings

PATIENCE = 20_000
HELD = (Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def test_a_file_dropped_on_any_page_opens_on_the_import_page(
    workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meter.csv"
    path.write_text("date,device,consumption\n2024-05-01 00:00,Chiller,1.5\n")
    file = QMimeData()
    file.setUrls([QUrl.fromLocalFile(str(path))])
    action, button, keys = HELD
    window = workplace.window
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(300, 300), action, file, button, keys))
    assert window.overlay.isVisible()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), action, file, button, keys))
    assert not window.overlay.isVisible()
    assert window.navigation.current == "import"
    qtbot.waitUntil(lambda: workplace.imports.stage == Stage.MAPPING, timeout=PATIENCE)
    assert workplace.imports.file_name == "meter.csv"


def test_no_drop_lets_a_file_manager_delete_the_file(workplace: Workplace, tmp_path: Path) -> None:
    file = QMimeData()
    file.setUrls([QUrl.fromLocalFile(str(tmp_path / "meter.csv"))])
    file.setText(str(tmp_path / "meter.csv"))  # as file managers do, for whoever takes text alone
    move, copy, link = Qt.DropAction.MoveAction, Qt.DropAction.CopyAction, Qt.DropAction.LinkAction
    held = (file, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    taken = []
    # The import's first: a drop opens the file there, in the place of the drop area.
    for page in sorted(workplace.window.navigation.pages, key=lambda page: page.name != "import"):
        for widget in (*workplace.go(page.name).findChildren(QWidget), workplace.window):
            if not (widget.acceptDrops() and widget.isVisible()):
                continue
            for offered, kept in ((move | copy | link, copy), (move | link, link), (move, None)):
                for event in (
                    QDragEnterEvent(QPoint(3, 3), offered, *held),
                    QDragMoveEvent(QPoint(3, 3), offered, *held),
                    QDropEvent(QPointF(3, 3), offered, *held),
                ):
                    assert event.proposedAction() is move
                    QApplication.sendEvent(widget, event)
                    action = event.dropAction() if event.isAccepted() else None
                    assert action is kept, (page.name, widget)
            taken.append(type(widget).__name__)
    assert {"MainWindow", "DropArea"} <= set(taken)


def test_page_and_theme_are_those_of_the_last_time(
    launch: Callable[[Settings], Application],
    application: Application,
    workplace: Workplace,
    settings: Settings,
    scope: Scope,
    qtbot: QtBot,
) -> None:
    qtbot.keyClick(workplace.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert workplace.window.navigation.current == "devices"
    theme.choose("dark")
    assert theme.remembered() == "dark"
    workplace.window.sign_out_wanted.emit()
    qtbot.waitUntil(application.entrance.isVisible)
    theme.choose("light")  # nothing of the window that is gone answers to it

    user = accounts.sign_in(scope.db, "ada@example.com", "correct horse battery")
    accounts.Session.start(scope.db, settings, user, keep=True)
    again = launch(settings)
    qtbot.waitUntil(lambda: again.context is not None, timeout=PATIENCE)
    assert again.context.window.navigation.current == "devices"


def test_a_narrow_window_shows_icons_alone(workplace: Workplace, qtbot: QtBot) -> None:
    window = workplace.window
    window.resize(1200, 700)
    wide = window.sidebar.width()
    window.resize(700, 600)
    assert window.sidebar.width() < wide / 2
