"""Where the data lives, and how it gets to a team's server."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from desktop.features.settings.database_text import Finding, inspection_text, location_text
from desktop.features.settings.server_fields import MASK, Fields, fields_of, password_for
from desktop.framework.formatting import number
from desktop.framework.view_model import SessionViewModel, Slot
from services import accounts, database, server_migration
from services.accounts import Session
from services.database import Inspection, Location, TeamServer
from services.progress import Progress
from services.scope import Scope
from services.server_migration import Moved
from services.settings import Settings


@dataclass(frozen=True)
class _Loaded:
    may: bool
    whereabouts: Location
    server: TeamServer | None
    has_password: bool
    timezone: str


@dataclass(frozen=True)
class Shown:
    """What the page shows besides the fields."""

    may: bool = False
    """Whether this account looks after the database."""
    where: list[Finding] = field(default_factory=list)
    private: bool = True
    fixed: bool = False
    """Whether the environment says where the data is, so that nothing can be chosen."""


class DatabaseViewModel(SessionViewModel):
    """``loaded`` when the page is as things are; ``changed`` when another database is to be opened."""

    loaded = Signal()
    tested = Signal(list)
    """What the test of a connection has shown, as `Finding`s."""
    moved = Signal(str)
    move_failed = Signal(str)
    """With why it could not be, empty when the user stopped it."""
    changed = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self._zone = "UTC"
        self.shown = Shown()
        self.fields: Fields = fields_of(None)
        self.password = ""
        """`MASK` where one is kept."""
        self.half_copied = False
        """Whether the last test has found the half copy of a move that was stopped."""

    @property
    def moving(self) -> bool:
        """Whether a move is under way: then nothing is written that can wait."""
        return self.is_running("move")

    def refresh(self) -> None:
        self.ask(self._load, self._show)

    def test(self, password: str, fields: Fields) -> None:
        """Do there all that Loadlens does; a ``password`` that is the mask is the one that is kept."""
        server = TeamServer(**fields)
        self._ask(
            lambda scope: server_migration.try_server(scope, server, self._typed(server, password)),
            self._show_test,
        )

    def use_server(self, password: str, fields: Fields) -> None:
        """Work in the database that is there, and move nothing."""
        server = TeamServer(**fields)
        self._ask(
            lambda scope: server_migration.use_server(
                scope, self._settings, server, self._typed(server, password)
            ),
            self.changed,
        )

    def use_private(self) -> None:
        """Work in the private database again, as it was left."""
        self._ask(lambda scope: server_migration.use_private(scope, self._settings), self.changed)

    def move(self, password: str, fields: Fields) -> None:
        """Move everything to the server, then ``moved``; `open_anew` has it opened there."""
        server = TeamServer(**fields)

        def move(scope: Scope, progress: Progress) -> Moved:
            return server_migration.move(
                scope, self._settings, server, self._typed(server, password), progress
            )

        task = self.ask(move, self._notify_moved, name="move", with_progress=True, on_failed=self.move_failed)
        task.cancelled.connect(lambda: self.move_failed.emit(""))

    def cancel_move(self) -> None:
        """Stop; what is copied stays there, to go on or to be dropped."""
        self.cancel_task("move")

    def drop_copy(self, password: str, fields: Fields) -> None:
        """Take away what a move that was stopped has left on the server."""
        server = TeamServer(**fields)

        self._ask(
            lambda scope: server_migration.drop_copy(
                scope, self._settings, server, self._typed(server, password)
            ),
            lambda: self.test(password, fields),
            self.tr("The half copy is dropped."),
        )

    def open_anew(self) -> None:
        """Have the program open the database that is chosen now."""
        self.changed.emit()

    def _typed(self, server: TeamServer, password: str) -> str:
        return password_for(self._settings, server, password)

    def _ask(self, work: Callable[[Scope], object], then: Slot, notice: str = "") -> None:
        self.ask(work, then, busy=True, notice=notice)

    def _load(self, scope: Scope) -> _Loaded:
        found = database.location(scope.db, self._settings)
        server = found.named if found.said_by == "environment" else database.last_chosen(self._settings)
        known = found.said_by != "environment" and server is not None
        has_password = known and bool(database.password_of(self._settings, server or TeamServer("")))
        return _Loaded(accounts.looks_after(scope), found, server, has_password, scope.timezone)

    def _show(self, loaded: _Loaded) -> None:
        self._zone = loaded.timezone
        self.fields = fields_of(loaded.server)
        self.password = MASK if loaded.has_password else ""
        said_by = loaded.whereabouts.said_by
        where = location_text(loaded.whereabouts)
        self.shown = Shown(loaded.may, where, said_by == "nobody", said_by == "environment")
        self.loaded.emit()

    def _show_test(self, found: Inspection) -> None:
        self.half_copied = found.holding.copy is not None
        self.tested.emit(list(inspection_text(found, self._zone)))

    def _notify_moved(self, moved: Moved) -> None:
        sentence = self.tr(
            "Everything is on the server: {documents} documents in {count} collections, each compared with "
            "the original. From now on Loadlens works there; the private database stays as it was."
        )
        self.moved.emit(
            sentence.format(documents=number(moved.documents), count=number(len(moved.checksums)))
        )
