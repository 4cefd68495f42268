"""The icon in the system's tray: how many alerts are unread, and a popup for new ones."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from PySide6.QtCore import QLocale, QObject, QRect, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop import theme
from desktop.theme_colours import LIGHT

C = TypeVar("C", bound=QObject)

SIZE = 64
POPUP_MS = 12_000
NAMED = 3
"""So many alerts a popup quotes."""


class Announced(Protocol):
    """What a popup needs to know of an alert."""

    @property
    def id(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def message(self) -> str: ...


class Tray(QObject):
    """Without a system tray it does nothing; ``available`` tells."""

    opened = Signal()
    alerts_wanted = Signal(list)
    """With the ids of the alerts of the popup that was clicked, the worst first."""
    quit_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._announced: list[str] = []
        self._menu = QMenu()
        self._commands: list[QAction] = []
        open_window = self._menu.addAction(theme.icon("open-in-app"), self.tr("&Open Loadlens"))
        open_window.triggered.connect(self.opened)
        self._quit = self._menu.addAction(theme.icon("logout"), self.tr("&Quit"))
        self._quit.triggered.connect(self.quit_wanted)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self._popup_clicked)
        self.set_unread(0)

    @property
    def available(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        self.icon.setVisible(self.available)

    def hide(self) -> None:
        self.icon.hide()

    def set_commands(self, commands: Sequence[tuple[str, str, Callable[[C], object]]], context: C) -> None:
        """Offer these commands in the menu, each an icon, a title, and what is called with the context."""
        for action in self._commands:
            action.deleteLater()
        self._commands = []
        for icon, title, command in commands:
            action = QAction(theme.icon(icon), title, self._menu)
            action.triggered.connect(lambda _checked=False, command=command: command(context))
            self._menu.insertAction(self._quit, action)
            self._commands.append(action)

    def set_unread(self, count: int) -> None:
        """Paint the number into the icon."""
        self.icon.setIcon(_with_badge(theme.application_icon(), count))
        words = self.tr("Loadlens: {count} unread alerts").format(count=count)
        self.icon.setToolTip(words if count else self.tr("Loadlens"))

    def announce(self, alerts: Sequence[Announced]) -> None:
        """Show one popup for all of them, worst first: what the first say, and how many more there are."""
        if not alerts or not self.icon.isVisible():
            return
        worst, more = alerts[0], len(alerts) - NAMED
        self._announced = [alert.id for alert in alerts]
        lines = [alert.message for alert in alerts[:NAMED]]
        if len(lines) > 1:
            lines = [f"• {line}" for line in lines]
        if more > 0:
            lines.append(self.tr("+ {count} more").format(count=QLocale().toString(more)))
        kind = QSystemTrayIcon.MessageIcon
        count = QLocale().toString(len(alerts))
        self.icon.showMessage(
            self.tr("Alert") if len(alerts) == 1 else self.tr("{count} alerts").format(count=count),
            _plain("\n".join(lines)),
            kind.Warning if worst.severity == "high" else kind.Information,
            POPUP_MS,
        )

    def tell(self, title: str, text: str) -> None:
        """Show a popup that is about no alert."""
        self._announced = []
        self.icon.showMessage(title, _plain(text), QSystemTrayIcon.MessageIcon.Information, POPUP_MS)

    def _popup_clicked(self) -> None:
        if self._announced:
            self.alerts_wanted.emit(self._announced)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.opened.emit()


def _plain(words: str) -> str:
    """The words without what desktops on Linux take for links and pictures: nothing says whether they do."""
    return words.translate({ord("<"): "‹", ord(">"): "›"})


def _with_badge(icon: QIcon, count: int) -> QIcon:
    pixmap = icon.pixmap(SIZE, SIZE)
    if count:
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRect(SIZE // 3, SIZE // 3, SIZE * 2 // 3, SIZE * 2 // 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.danger))  # the tray's background is not the theme's
        painter.drawEllipse(circle)
        font = QFont()
        font.setBold(True)
        font.setPixelSize(SIZE * 2 // 5 if count < 10 else SIZE // 3)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(count) if count < 100 else "99")
        painter.end()
    return QIcon(pixmap)
