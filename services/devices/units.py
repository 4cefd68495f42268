"""The unit of a meter: one that its utility is counted in; readings follow it from energy to energy alone."""

from bson import ObjectId

from services.database.locks import shared_lock
from services.devices.fields import units_of
from services.devices.names import DeviceRefused
from services.devices.parents import Documents
from services.messages import N_, gettext
from services.scope import Document, Scope
from services.units import is_energy, kwh_per_unit
from services.utilities import UTILITIES, Utility

NOT_OF_UTILITY = N_("{utility} is not counted in {unit}. Choose one of these units: {units}.")
HAS_READINGS = N_(
    "“{name}” has readings in {unit}, which are no {wanted}. Undo their import and import them again, or "
    "leave the unit as it is."
)


def check(utility: Utility, unit: str) -> None:
    """Raise `DeviceRefused` for a unit that meters of the utility do not count in."""
    if unit not in units_of(utility):
        label = gettext(UTILITIES[utility].label)
        raise DeviceRefused(NOT_OF_UTILITY, utility=label, unit=unit, units=", ".join(units_of(utility)))


def changed(scope: Scope, before: Documents, wanted: Documents) -> dict[ObjectId, str]:
    """Return the new unit of each device whose readings are to be converted.

    Energy becomes energy, for all readings of it have their kWh. Raises `DeviceRefused` where a device has
    readings and another unit of another kind.
    """
    units = {
        i: fields["unit"] for i, fields in wanted.items() if fields["unit"] != before[i].get("unit", "kWh")
    }
    readings = scope.db["consumption_data"]
    read = [i for i in units if readings.find_one(scope.owned({"deviceId": i}), {"_id": True})]
    for device_id in read:
        unit, other = before[device_id].get("unit", "kWh"), units[device_id]
        if not (is_energy(unit) and is_energy(other)):
            raise DeviceRefused(HAS_READINGS, name=before[device_id]["name"], unit=unit, wanted=other)
    return {device_id: units[device_id] for device_id in read}


def convert_readings(scope: Scope, units: dict[ObjectId, str]) -> None:
    """Write the quantities of these devices' readings, all of energy, in other units; their kWh stay."""
    for device_id, unit in units.items():
        of_device = scope.owned({"deviceId": device_id})
        with shared_lock(scope.db, user_id=scope.user_id):
            scope.db["consumption_data"].update_many(of_device, _quantity("", unit))
            scope.db["replaced_readings"].update_many(of_device, _quantity("old.", unit))


def _quantity(within: str, unit: str) -> list[Document]:
    """Return the update that derives quantities from kWh; what counts in kWh has none."""
    if unit == "kWh":
        return [{"$unset": f"{within}quantity"}]
    quantity = {"$divide": [f"${within}consumption", kwh_per_unit(unit)]}
    return [{"$set": {f"{within}quantity": quantity}}]
