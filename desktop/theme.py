"""Style sheet, palette and icons in the colours in force, light or dark.

The style sheet knows these values of the dynamic property ``role``: on a QLabel ``title``, ``heading``,
``figure``, ``strong`` and ``muted``; on a QPushButton ``primary``, ``danger`` and ``link``; on a QFrame
``card``.
"""

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, QRect, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.theme_colours import DARK, LIGHT, Tokens

Mode = Literal["light", "dark", "system"]
MODES: tuple[Mode, ...] = ("system", "light", "dark")

RESOURCES = Path(str(files("resources")))


class _Theme(QObject):
    """What is in force; views repaint what the style sheet does not reach on ``changed``."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode: Mode = "system"
        self.tokens = LIGHT
        self.followed: QApplication | None = None

    def follow(self, app: QApplication) -> None:
        """Take on what the system changes to, until another theme is chosen."""
        if self.followed is not app:
            self.followed = app
            app.setStyle("Fusion")
            app.styleHints().colorSchemeChanged.connect(lambda: _dress(app))


_theme = _Theme()
changed = _theme.changed


def tokens() -> Tokens:
    """Return the colours in force."""
    return _theme.tokens


def mode() -> Mode:
    """Return what was chosen; "system" follows the desktop's own setting."""
    return _theme.mode


def apply(app: QApplication, chosen: Mode) -> None:
    """Dress the application; from then on it follows the system if that is what was ``chosen``."""
    _theme.mode = chosen
    _theme.follow(app)
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(chosen, Qt.ColorScheme.Unknown))
    _dress(app)


def choose(chosen: Mode) -> None:
    """Dress the application so, now and at every start to come."""
    QSettings().setValue("theme", chosen)
    if _theme.followed is not None:
        apply(_theme.followed, chosen)


def remembered() -> Mode:
    """Return what was chosen last; the system's own setting if nothing was."""
    stored = QSettings().value("theme")
    return next((known for known in MODES if known == stored), "system")


def application_icon() -> QIcon:
    """Loadlens' own icon, the same in both themes."""
    return QIcon(str(RESOURCES / "icons" / "loadlens.svg"))


def icon(name: str, role: str = "text", checked: str | None = None) -> QIcon:
    """A Material Design icon by its name (like ``view-dashboard``) in the colour of the token ``role``,
    and in that of ``checked`` on a button that is checked.

    It is painted in the colours in force, so it needs no replacing when the theme changes.
    """
    return QIcon(_ThemedIcon(name if "." in name else f"mdi6.{name}", role, checked or role))


class _ThemedIcon(QIconEngine):
    def __init__(self, name: str, role: str, checked: str) -> None:
        super().__init__()
        self._name, self._role, self._checked = name, role, checked

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        import qtawesome  # not before there is something to paint: it reads its fonts

        role = self._checked if state is QIcon.State.On else self._role
        colour = getattr(tokens(), "muted" if mode is QIcon.Mode.Disabled else role)
        qtawesome.icon(self._name, color=colour).paint(painter, rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _ThemedIcon(self._name, self._role, self._checked)


def _dress(app: QApplication) -> None:
    system_is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    dark = _theme.mode == "dark" or (_theme.mode == "system" and system_is_dark)
    _theme.tokens = DARK if dark else LIGHT
    app.setPalette(_palette(_theme.tokens))
    sheet = Template((RESOURCES / "styles" / "loadlens.qss").read_text(encoding="utf-8"))
    pictures, shade = (RESOURCES / "icons").as_posix(), "dark" if dark else "light"
    app.setStyleSheet(sheet.substitute(asdict(_theme.tokens), pictures=pictures, shade=shade))
    _theme.changed.emit()


def _palette(colours: Tokens) -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    for target, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.accent_text,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.BrightText: colours.danger,
        role.Light: colours.raised,
        role.Midlight: colours.raised,
        role.Mid: colours.border,
        role.Dark: colours.border,
    }.items():
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(colours.muted))
    return palette
