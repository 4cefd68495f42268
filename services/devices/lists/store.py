"""A planned list into the database, whole or not at all, and out of it again."""

from datetime import UTC, datetime

from pymongo.errors import BulkWriteError

from services.devices.editing import add_devices, edit_devices, failed_at, remove_unused
from services.devices.lists.plan import ListPlan
from services.devices.lists.table import ListRefused
from services.devices.names import object_id, taken
from services.names import name_fields
from services.scope import Scope
from services.typed import typed


@typed
def bring_in(scope: Scope, plan: ListPlan) -> None:
    """Make the devices and categories that are new and change the others.

    Raises `ListRefused` while a cell is bad, and `DeviceRefused` when devices were changed meanwhile so
    that it cannot be done any more; then everything is as it was.
    """
    if plan.bad:
        worst = plan.bad[0]
        raise ListRefused(
            "Row {row} of {file}, column “{column}”: “{value}” cannot be taken. Mend it and import again.",
            row=worst.row,
            file=plan.file,
            column=worst.column,
            value=worst.value,
        )
    try:
        _add_categories(scope, plan)
        add_devices(scope, plan.new)
        edit_devices(scope, [change.after for change in plan.changed])
    except BaseException:
        _remove_new(scope, plan)
        raise


@typed
def take_back(scope: Scope, plan: ListPlan) -> None:
    """Undo `bring_in`. Raises `DeviceRefused` when readings hang on a new device by now."""
    edit_devices(scope, [change.before for change in plan.changed])
    try:
        _remove_new(scope, plan)
    except BaseException:
        edit_devices(scope, [change.after for change in plan.changed])
        raise


def _add_categories(scope: Scope, plan: ListPlan) -> None:
    documents = [
        scope.owned({"_id": object_id(key, "category"), **name_fields(name), "createdAt": datetime.now(UTC)})
        for name, key in plan.new_categories.items()
    ]
    try:
        if documents:
            scope.db["categories"].insert_many(documents)
    except BulkWriteError as error:
        raise taken(documents[failed_at(error)]["name"], "category") from None


def _remove_new(scope: Scope, plan: ListPlan) -> None:
    remove_unused(scope, [device.id for device in plan.new], list(plan.new_categories.values()))
