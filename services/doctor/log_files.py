"""The logs."""

from services import logs
from services.doctor.check import Seen, seen
from services.secret_store import writable
from services.settings import Settings


def look(settings: Settings) -> Seen:
    """Whether they can be written. Raises `DataFolderRefused`."""
    folder = writable(logs.folder(settings))
    size = sum(path.stat().st_size for path in folder.glob("loadlens.log*"))
    return seen("{size} kB in {folder}", size=size >> 10, folder=folder)
