"""A folder that is watched: readings that appear there are imported without anybody's doing."""

from services.watching.folder import FolderRefused, forget_folder, printable, set_folder, watched_folder
from services.watching.scan import Outcome, scan

__all__ = ["FolderRefused", "Outcome", "forget_folder", "printable", "scan", "set_folder", "watched_folder"]
