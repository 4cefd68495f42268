"""The load that a program has in memory, one for all its windows."""

import threading
from collections import OrderedDict

from bson import ObjectId

from services import revision
from services.readings.load import files
from services.readings.load.files import Shelf
from services.readings.load.load import Load, built
from services.readings.storage import blocks
from services.scope import Scope
from services.secret_store import DataFolderRefused
from services.settings import Settings

LOADS = 3
"""So many users' loads are in memory at most; with a folder to map from they weigh little."""

Key = tuple[ObjectId, str]


class Kept:
    """The newest loads, by user and time zone; safe to use from several threads."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self._loads: OrderedDict[Key, Load] = OrderedDict()
        self._lock = threading.Lock()

    def load(self, scope: Scope) -> Load:
        """The load as the database has it now."""
        key = (scope.user_id, scope.timezone)
        with self._lock:
            found = self._loads.get(key)
            if found is None or found.revision != revision.current(scope):
                found = self._loads[key] = self._opened(scope)
            self._loads.move_to_end(key)
            while len(self._loads) > LOADS:
                self._loads.popitem(last=False)
        return found

    def _opened(self, scope: Scope) -> Load:
        now, shelf = revision.current(scope), self._shelf(scope)
        if now and shelf and (found := files.saved(shelf, now, scope.timezone)):
            return found
        found = _read(scope)
        return (_saved(found, shelf) if shelf and found.meters else None) or found

    def _shelf(self, scope: Scope) -> Shelf | None:
        """Where the user's loads lie; None where nothing can be kept."""
        if self.settings is None:
            return None
        try:
            key = self.settings.signing_key
        except DataFolderRefused:
            return None
        return Shelf(self.settings.data_dir / "loads" / str(scope.user_id), scope.user_id, key)


def _read(scope: Scope) -> Load:
    """Out of the database, in one piece: again if the readings changed meanwhile."""
    while True:
        before = revision.current(scope)
        runs = [
            (meter, blocks.joined([blocks.run_of(block) for block in of_meter]))
            for meter, of_meter in blocks.find(scope, {})
        ]
        if revision.current(scope) == before:
            return built(before, scope.timezone, runs)


def _saved(load: Load, shelf: Shelf) -> Load | None:
    """The same load out of files, which replace the older ones; None where they cannot be written."""
    if load.revision is None:
        return None
    try:
        for older in shelf.folder.glob("*"):
            files.remove(older)
        files.save(load, shelf)
    except OSError:
        return None
    return files.saved(shelf, load.revision, load.timezone)


_kept = Kept()


def load_of(scope: Scope) -> Load:
    """All readings of a user, as the database has them now.

    What is in memory or in the files beside the database is used as long as it is of the same revision.
    """
    return _kept.load(scope)


def keep_files(settings: Settings) -> None:
    """From now on this program maps loads from files in the data folder, signed with its key."""
    _kept.settings = settings
