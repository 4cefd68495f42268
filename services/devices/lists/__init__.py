"""The list of devices as a spreadsheet: out of the database, and back into it."""

from services.devices.lists.cells import BadCell
from services.devices.lists.export import export_devices
from services.devices.lists.plan import Change, ListPlan, plan_list
from services.devices.lists.store import bring_in, take_back
from services.devices.lists.table import ListRefused

__all__ = [
    "BadCell",
    "Change",
    "ListPlan",
    "ListRefused",
    "bring_in",
    "export_devices",
    "plan_list",
    "take_back",
]
