"""Trained models."""

from pymongo.database import Database

from services import accounts, forecasts
from services.doctor.check import Seen, Unwell, seen
from services.progress import Progress
from services.scope import Document
from services.settings import Settings


def look(db: Database[Document], settings: Settings, progress: Progress) -> Seen:
    """Raises `Unwell` for a model in use that would be refused."""
    everyone = accounts.everyone(db)
    trained = 0
    for number, user in enumerate(everyone):
        progress("Looking at the models", number, len(everyone))
        scope = accounts.scope(db, user)
        trained += len(forecasts.reports(scope, settings))
        if refused := forecasts.refused_models(scope, settings):
            raise Unwell(
                "A model of {email} is not used: {reason} Train the models again.",
                email=user.email,
                reason=refused[0],
            )
    if not trained:
        return seen("none trained yet")
    return seen("{count} trained, each signed by this installation", count=trained)
