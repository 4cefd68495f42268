"""Which database is opened, chosen while none is open or nobody is signed in."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.features.settings.server_fields import MASK, Fields, fields_of, password_for
from desktop.framework.view_model import ViewModel
from services import database
from services.database import DatabaseUnavailable, TeamServer
from services.settings import Settings


@dataclass(frozen=True)
class _Loaded:
    server: TeamServer | None
    in_use: bool
    fixed: bool
    has_password: bool


class DatabaseChoiceViewModel(ViewModel):
    """``chosen`` when another database is to be opened. What is chosen is this computer's own affair: it
    tells where this program looks, and nobody's data is touched."""

    loaded = Signal()
    chosen = Signal()

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
        self.start(self._load, self._show)

    def use_server(self, password: str, fields: Fields) -> None:
        """Open this server, if it is one that can be used."""
        server = TeamServer(**fields)

        def choose() -> None:
            typed = password_for(self._settings(), server, password)
            database.require_usable(server, typed)
            database.choose(self._settings(), server, typed)

        self.start(choose, self.chosen, busy=True)

    def use_private(self) -> None:
        """Open the private database."""
        self.start(lambda: database.choose_private(self._settings()), self.chosen, busy=True)

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
