"""The verb that lists the devices of a user, and changes them by a list."""

from argparse import Namespace
from typing import Any

from services import alerts
from services.cli.data_verbs import scope_for
from services.cli.printing import print_json, print_lines
from services.console import say
from services.device_lists import BadCell, Change, ListPlan, ListRefused, import_list, plan_list
from services.devices import FIELDS, Device, list_devices
from services.messages import NOT_KNOWN, formats, gettext
from services.settings import Settings
from services.sub_meters import Proposal, propose_parents

COLUMNS = {field.column: field.shown for field in FIELDS}
"""The attribute of `Device` in each column."""
TABLE = ("name", "number", "utility", "direction", "unit", "parent", "category", "counts")
"""The columns that are printed for a person."""


def devices(settings: Settings, chosen: Namespace) -> None:
    """Run `loadlens devices`."""
    with scope_for(settings, chosen) as scope:
        plan = None
        if chosen.apply:
            plan = plan_list(scope, chosen.apply)
            _refuse(plan)
            import_list(scope, plan)
            alerting = {field.shown for field in FIELDS if field.changes_alerts}
            if changed := [c.after.id for c in plan.changed if alerting & set(c.fields)]:
                alerts.evaluate(scope, changed)
        found, proposals = list_devices(scope), propose_parents(scope)
    if chosen.json:
        applied = {"applied": _as_json(plan)} if plan else {}
        listed, proposed = [_values(device) for device in found], [_proposal(p) for p in proposals]
        print_json({"devices": listed, "proposals": proposed, **applied})
    elif plan:
        print_lines(*_changes(plan))
    else:
        print_lines(*_table(found), *map(str, proposals))


def _refuse(plan: ListPlan) -> None:
    """Tell each cell that cannot be taken, and raise `ListRefused`, if there is one."""
    if not plan.bad:
        return
    for cell in plan.bad:
        say(_sentence(plan.file, cell))
    raise ListRefused(
        "Nothing was stored: {count} cells of {file} cannot be taken. Mend them and apply it again.",
        count=len(plan.bad),
        file=plan.file,
    )


def _sentence(file: str, cell: BadCell) -> str:
    return gettext(
        "{file}, row {row}, column “{column}”, “{value}”: {reason}",
        file=file,
        row=cell.row,
        column=cell.column,
        value=cell.value,
        reason=gettext(cell.reason, **cell.details),
    )


def _values(device: Device) -> dict[str, Any]:
    """Return a device as JSON has it: what is not known is null."""
    values = {column: getattr(device, name) for column, name in COLUMNS.items()}
    return {column: None if value == "" else value for column, value in values.items()}


def _proposal(proposal: Proposal) -> dict[str, Any]:
    children = [child.name for child in proposal.children]
    return {"parent": proposal.parent.name, "children": children, "difference": proposal.difference}


def _as_json(plan: ListPlan) -> dict[str, Any]:
    return {
        "new": [device.name for device in plan.new],
        "changed": [
            {"device": c.before.name, "fields": {f: [_of(c.before, f), _of(c.after, f)] for f in _fields(c)}}
            for c in plan.changed
        ],
        "unchanged": plan.unchanged,
    }


def _fields(change: Change) -> list[str]:
    return [column for column, name in COLUMNS.items() if name in change.fields]


def _of(device: Device, column: str) -> Any:
    return _values(device)[column]


def _changes(plan: ListPlan) -> list[str]:
    counts = gettext(
        "{file}: {new} devices are new, {changed} changed, {unchanged} stay as they were.",
        file=plan.file,
        new=len(plan.new),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
    )
    new = [gettext("  New: {device}", device=device.name) for device in plan.new]
    changed = [
        gettext(
            "  {device}: {column} was {before}, is {after}",
            device=change.before.name,
            column=column,
            before=_written(_of(change.before, column)),
            after=_written(_of(change.after, column)),
        )
        for change in plan.changed
        for column in _fields(change)
    ]
    return [counts, *new, *changed]


def _table(found: list[Device]) -> list[str]:
    rows = [list(TABLE), *([_written(_of(device, column)) for column in TABLE] for device in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(TABLE))]
    return [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _written(value: Any) -> str:
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return formats().number(value) if isinstance(value, float) else str(value)
