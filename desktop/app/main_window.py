"""The window of a signed-in user: sidebar, pages, and a line for what goes on in the background."""

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QMessageBox, QVBoxLayout, QWidget

from desktop import theme
from desktop.app.main_view_model import MainViewModel
from desktop.framework.page_spec import Navigation, PageContext, PageSpec
from desktop.widgets.banner import Banner
from desktop.widgets.file_drop import DropOverlay, accept_files
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.sidebar import Sidebar

NARROW = 900
"""Below this width in pixels the sidebar shows icons alone."""


class MainWindow(QMainWindow):
    """Remembers its place, size and page. ``closed`` when the user closes it: whether that quits is
    not for the window to say."""

    files_dropped = Signal(list)
    closed = Signal()
    account_wanted = Signal()
    sign_out_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, view_model: MainViewModel, pages: Sequence[PageSpec], context: PageContext) -> None:
        super().__init__()
        self._view_model = view_model
        self._context = context
        self.setWindowTitle(self.tr("Loadlens"))
        self.setMinimumSize(640, 480)
        self.setAcceptDrops(True)
        self.navigation = Navigation(pages, lambda page: page.build(context), self)
        self.sidebar = Sidebar(self)
        self.connection_banner = Banner(self)
        self.end_banner = Banner(self)
        self.banner = Banner(self)
        self.progress = ProgressPanel(self)
        self.progress.hide()
        self.overlay = DropOverlay(self.tr("Drop files or a folder to import them"), self)
        self._themes = self._theme_menu()
        self._lay_out()
        self._fill_menu_bar()
        self._fill_sidebar()
        self._connect()
        self._restore()

    def _lay_out(self) -> None:
        content = QVBoxLayout()
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(0)
        content.addWidget(self.connection_banner)
        content.addWidget(self.end_banner)
        content.addWidget(self.banner)
        content.addWidget(self.navigation, 1)
        content.addWidget(self.progress)
        self.progress.setContentsMargins(24, 0, 24, 16)
        whole = QWidget(self)
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sidebar)
        layout.addLayout(content, 1)
        self.setCentralWidget(whole)

    def _fill_menu_bar(self) -> None:
        file = self.menuBar().addMenu(self.tr("&File"))
        for command in (command for page in self.navigation.pages for command in page.commands):
            if command.shortcut:
                action = file.addAction(theme.icon(command.icon), command.label)
                action.setShortcut(QKeySequence(command.shortcut))
                action.triggered.connect(lambda _checked=False, run=command.run: run(self._context))
        file.addSeparator()
        file.addAction(self.tr("&Sign out")).triggered.connect(self.sign_out_wanted)
        leave = file.addAction(self.tr("&Quit"))
        leave.setShortcut(QKeySequence("Ctrl+Q"))
        leave.triggered.connect(self.quit_wanted)
        view = self.menuBar().addMenu(self.tr("&View"))
        for place, page in enumerate(self.navigation.pages, start=1):
            go = view.addAction(theme.icon(page.icon), page.label)
            go.setShortcut(QKeySequence(f"Ctrl+{place}"))
            go.triggered.connect(lambda _checked=False, name=page.name: self.navigation.go(name))
        view.addSeparator()
        view.addMenu(self._themes)
        about = self.menuBar().addMenu(self.tr("&Help")).addAction(self.tr("&About Loadlens"))
        about.triggered.connect(self.show_about)

    def _fill_sidebar(self) -> None:
        for page in self.navigation.pages:
            self.sidebar.add_page(page.name, page.label.replace("&", ""), page.icon)
        self.show_user()
        themes = self.sidebar.add_below(self.tr("Theme"), "theme-light-dark")
        themes.clicked.connect(lambda: self._themes.popup(themes.mapToGlobal(themes.rect().topRight())))
        self.sidebar.add_below(self.tr("Sign out"), "logout").clicked.connect(self.sign_out_wanted)

    def show_user(self) -> None:
        """Show who is signed in, by the name of now."""
        self.sidebar.set_user(self._view_model.user_name, self._view_model.email)

    def _theme_menu(self) -> QMenu:
        menu = QMenu(self.tr("&Theme"), self)
        group = QActionGroup(menu)
        names = {"system": self.tr("As the &system"), "light": self.tr("&Light"), "dark": self.tr("&Dark")}
        for mode in theme.MODES:
            action = menu.addAction(names[mode])
            action.setCheckable(True)
            action.setChecked(mode == theme.mode())
            action.triggered.connect(lambda _checked=False, m=mode: theme.choose(m))
            group.addAction(action)
        return menu

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.navigation.go)
        self.sidebar.user_wanted.connect(self.account_wanted)
        self.navigation.moved.connect(self.sidebar.check)
        self.navigation.moved.connect(self.banner.hide)
        self._view_model.failed.connect(self.banner.show_error)
        self._view_model.notified.connect(self.banner.show_info)

    def show_about(self) -> None:
        """Show what Loadlens is, and its version."""
        QMessageBox.about(
            self,
            self.tr("About Loadlens"),
            self.tr(
                "Loadlens {version}\n\nWhere a building's kWh go, what next month brings and what went wrong."
            ).format(version=QApplication.applicationVersion()),
        )

    def _restore(self) -> None:
        kept = QSettings()
        if not self.restoreGeometry(kept.value("window/geometry") or b""):
            self.resize(1180, 760)
        self.navigation.go(str(kept.value("window/page", "dashboard")))

    def remember(self) -> None:
        """Keep place, size and page for the next time."""
        kept = QSettings()
        kept.setValue("window/geometry", self.saveGeometry())
        kept.setValue("window/page", self.navigation.current)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember()
        event.accept()  # refused, it would keep the user from logging out of the system
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sidebar.set_collapsed(self.width() < NARROW)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if accept_files(event):
            self.overlay.cover()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        accept_files(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        if paths := accept_files(event):
            self.files_dropped.emit(paths)
