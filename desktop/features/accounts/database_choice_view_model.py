"""Which database is opened, chosen while none is open or nobody is signed in."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.features.settings.server_fields import MASK, Fields, fields_of, password_for
from desktop.framework.tasks import run
from services import database
from services.database import DatabaseUnavailable, TeamServer
from services.settings import Settings


@dataclass(frozen=True)
class _Loaded:
    server: TeamServer | None
    in_use: bool
    fixed: bool
    has_password: bool


class DatabaseChoiceViewModel(QObject):
    """``chosen`` when another database is to be opened. What is chosen is this computer's own affair: it
    tells where this program looks, and nobody's data is touched."""

    loaded = Signal()
    chosen = Signal()
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, settings: Callable[[], Settings], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.fields: Fields = fields_of(None)
        self.password = ""
        """`MASK` where one is kept."""
        self.in_use = False
        """Whether a server is opened, and not the private database."""
        self.fixed = False
        """Whether the environment says which."""

    def refresh(self) -> None:
        task = run(self._load, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def use_server(self, password: str, fields: Fields) -> None:
        """Open this server, if it is one that can be used."""
        server = TeamServer(**fields)

        def work() -> None:
            typed = password_for(self._settings(), server, password)
            database.require_usable(server, typed)
            database.choose(self._settings(), server, typed)

        self._start(work)

    def use_private(self) -> None:
        """Open the private database."""
        self._start(lambda: database.choose_private(self._settings()))

    def _start(self, work: Callable[[], None]) -> None:
        self.busy_changed.emit(True)
        task = run(work, parent=self)
        task.succeeded.connect(self.chosen)
        task.failed.connect(self.failed)
        task.finished.connect(lambda: self.busy_changed.emit(False))

    def _load(self) -> _Loaded:
        settings = self._settings()
        server = database.last_chosen(settings)
        try:
            said_by = database.place(settings).said_by
        except DatabaseUnavailable:
            said_by = "choice"  # it cannot be read, so that it has to be made anew
        known = server is not None and bool(database.password_of(settings, server))
        return _Loaded(server, said_by == "choice", said_by == "environment", known)

    def _show(self, loaded: _Loaded) -> None:
        self.fields = fields_of(loaded.server)
        self.password = MASK if loaded.has_password else ""
        self.in_use, self.fixed = loaded.in_use, loaded.fixed
        self.loaded.emit()
