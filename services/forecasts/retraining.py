"""Whether models are trained anew after each import, or only predict anew."""

from services import audit
from services.scope import Scope
from services.typed import typed


def retrains_after_imports(scope: Scope) -> bool:
    """False until the user wants it: what models have learnt stays good for weeks."""
    return scope.db["forecast_settings"].find_one(scope.owned({"retrainsAfterImports": True})) is not None


@typed
def retrain_after_imports(scope: Scope, wanted: bool) -> None:
    """Keep whether the user wants it."""
    change = {"$set": {"retrainsAfterImports": wanted}}
    scope.db["forecast_settings"].update_one(scope.owned(), change, upsert=True)
    audit.record_for(scope, "settings.changed", "forecasts", {"retrainsAfterImports": wanted})
