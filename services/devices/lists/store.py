"""A planned list into the database, whole or not at all, and out of it again."""

from datetime import UTC, datetime

from bson import ObjectId

from services.devices.editing import add_devices, edit_devices, remove_unused
from services.devices.lists.plan import ListPlan
from services.devices.lists.table import ListRefused
from services.scope import Scope


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
        scope.owned({"_id": ObjectId(key), "name": name, "createdAt": datetime.now(UTC)})
        for name, key in plan.new_categories.items()
    ]
    if documents:
        scope.db["categories"].insert_many(documents)


def _remove_new(scope: Scope, plan: ListPlan) -> None:
    remove_unused(scope, [device.id for device in plan.new], list(plan.new_categories.values()))
