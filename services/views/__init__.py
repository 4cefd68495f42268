"""Views of the dashboard: what a user looked at last, and those that were given a name."""

from services.views.view import NamedView, View, ViewRefused
from services.views.views import delete, named, remember, remembered, rename, save

__all__ = [
    "NamedView",
    "View",
    "ViewRefused",
    "delete",
    "named",
    "remember",
    "remembered",
    "rename",
    "save",
]
