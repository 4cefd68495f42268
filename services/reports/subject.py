"""What a report is about: everything, one category or one device."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.dashboard import Filter
from services.devices import list_categories, list_devices
from services.names import find_by_name
from services.reports.refused import ReportRefused
from services.scope import Scope
from services.typed import typed

SubjectKind = Literal["facility", "category", "device"]


@dataclass(frozen=True)
class Subject:
    """``id`` and ``name`` are empty for the whole facility."""

    kind: SubjectKind = "facility"
    id: str = ""
    name: str = ""

    def within(self, start: date, end: date) -> Filter:
        """Its readings from ``start`` to ``end``, both included."""
        ids = (self.id,)
        return Filter(
            start=start,
            end=end,
            device_ids=ids if self.kind == "device" else None,
            category_ids=ids if self.kind == "category" else None,
        )


FACILITY = Subject()


def subjects(scope: Scope) -> list[Subject]:
    """All that a report can be about: the facility, then categories, then devices, by name."""
    return [
        FACILITY,
        *(Subject("category", category.id, category.name) for category in list_categories(scope)),
        *(Subject("device", device.id, device.name) for device in list_devices(scope)),
    ]


def subject_of(scope: Scope, kind: str, subject_id: str) -> Subject:
    """The subject with that id under the name it has now. Raises `ReportRefused` when it is gone."""
    found = [s for s in subjects(scope) if (s.kind, s.id) == (kind, subject_id)]
    if not found:
        raise ReportRefused(
            "The device or category of this report is not there any more. Choose another one.",
        )
    return found[0]


@typed
def subject_named(scope: Scope, kind: SubjectKind, name: str) -> Subject:
    """The device or category of that name, however it is spelled. Raises `ReportRefused`."""
    found = find_by_name((s.name, s) for s in subjects(scope) if s.kind == kind)(name)
    if found is None:
        raise ReportRefused("There is no {kind} named “{name}”. Check the spelling.", kind=kind, name=name)
    return found


def devices_of(scope: Scope, subject: Subject) -> tuple[str, ...] | None:
    """The ids of its devices; None for the whole facility."""
    if subject.kind == "facility":
        return None
    if subject.kind == "device":
        return (subject.id,)
    return tuple(device.id for device in list_devices(scope) if device.category_id == subject.id)
