"""What is asked before devices are deleted."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import number
from services.devices import DeletionEffect, Device

translate = QCoreApplication.translate


def question(devices: Sequence[Device]) -> str:
    """Whether to delete these devices."""
    if len(devices) == 1:
        return translate("devices", "Delete the device “{name}”?").format(name=devices[0].name)
    return translate("devices", "Delete {count} devices?").format(count=number(len(devices)))


def in_words(effect: DeletionEffect) -> str:
    """What goes with them."""
    lost = [
        (translate("devices", "readings: {count}"), effect.readings),
        (translate("devices", "predictions: {count}"), effect.predictions),
        (translate("devices", "alerts: {count}"), effect.alerts),
    ]
    listed = ", ".join(template.format(count=number(count)) for template, count in lost if count)
    if not listed:
        return translate("devices", "Nothing else is deleted: there are no readings, predictions or alerts.")
    return translate("devices", "This also deletes {lost}. It cannot be undone.").format(lost=listed)
