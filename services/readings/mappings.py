"""What was decided about a sheet, remembered for the files of the same layout that come after it."""

from dataclasses import asdict
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from services.readings.interpretation.plan import Plan
from services.scope import Scope
from services.typed import typed

PLAN = TypeAdapter(Plan)

OF_THE_FILE = ("sheet", "header", "header_rows", "columns", "device_name")
"""Told by each file itself: two files of one layout may be two meters' and begin with other titles."""


@typed
def remember(scope: Scope, layout: str, plan: Plan) -> None:
    """Keep the plan for files of this layout (`interpretation.layout_of`), in the place of an earlier one."""
    kept = {to_camel(name): value for name, value in PLAN.dump_python(plan, mode="json").items()}
    scope.db["mappings"].update_one(
        scope.owned({"layout": layout}),
        {"$set": {"plan": kept, "updatedAt": datetime.now(UTC)}},
        upsert=True,
    )


@typed
def recall(scope: Scope, layout: str, decided: Plan) -> Plan | None:
    """The remembered plan as it fits the file about which ``decided`` was decided; None without one.

    What was not known then, or not to an older Loadlens, is as decided now; what a newer one wrote besides
    is left out.
    """
    stored = scope.db["mappings"].find_one(scope.owned({"layout": layout}))
    if stored is None:
        return None
    remembered = {to_snake(name): value for name, value in stored["plan"].items() if value is not None}
    of_file = {name: getattr(decided, name) for name in OF_THE_FILE}
    try:
        return PLAN.validate_python({**asdict(decided), **remembered, **of_file})
    except ValidationError:
        return None


@typed
def forget(scope: Scope, layout: str) -> None:
    """Decide about files of this layout anew from now on."""
    scope.db["mappings"].delete_one(scope.owned({"layout": layout}))
