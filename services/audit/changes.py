"""What was changed in the settings."""

from collections.abc import Mapping
from typing import Any

from services.audit.log import record_for
from services.scope import Scope
from services.typed import typed

NOT_TOLD = frozenset({"_id", "userId", "createdAt", "updatedAt"})


@typed
def record_changes(
    scope: Scope, subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    """`record_for` the fields of a setting that are others now, with both values; nothing if none is.

    ``before`` is None for what was added, ``after`` for what was deleted. Neither may hold a secret.
    """
    old, new = before or {}, after or {}
    changed = {
        name: [old.get(name), new.get(name)]
        for name in {**old, **new}
        if name not in NOT_TOLD and old.get(name) != new.get(name)
    }
    if changed:
        record_for(scope, "settings.changed", subject, changed)
