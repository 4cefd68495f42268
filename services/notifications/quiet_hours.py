"""The hours of the day in which nobody is notified of anything; what comes then is due afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services import audit
from services.documents import from_document, to_document
from services.errors import LoadlensError
from services.scope import Scope
from services.typed import typed


class QuietHoursRefused(LoadlensError):
    """Hours that are none."""


@dataclass(frozen=True)
class QuietHours:
    """By the facility's clock; from 22 to 7 is over midnight."""

    from_hour: int
    to_hour: int

    def over(self, moment: datetime, timezone: str) -> datetime:
        """Return the moment itself (aware) unless it is quiet then, else the end of the quiet hours; UTC."""
        local = moment.astimezone(ZoneInfo(timezone))
        over_midnight = self.from_hour > self.to_hour
        if over_midnight:
            quiet = local.hour >= self.from_hour or local.hour < self.to_hour
        else:
            quiet = self.from_hour <= local.hour < self.to_hour
        if not quiet:
            return moment.astimezone(UTC)
        day = local.date() + timedelta(days=over_midnight and local.hour >= self.from_hour)
        end = datetime(day.year, day.month, day.day, tzinfo=local.tzinfo) + timedelta(hours=self.to_hour)
        return end.astimezone(UTC)


def quiet_hours_of(scope: Scope) -> QuietHours | None:
    """Return the user's quiet hours; None without any."""
    document = scope.db["quiet_hours"].find_one(scope.owned())
    return from_document(QuietHours, document) if document else None


def is_quiet(scope: Scope) -> bool:
    """Return whether it is quiet now."""
    now, hours = datetime.now(UTC), quiet_hours_of(scope)
    return hours is not None and hours.over(now, scope.timezone) > now


@typed
def set_quiet_hours(scope: Scope, hours: QuietHours | None) -> None:
    """Be quiet in these hours from now on, or never. Raises `QuietHoursRefused`."""
    if hours is None:
        before = scope.db["quiet_hours"].find_one_and_delete(scope.owned())
        audit.record_changes(scope, "quiet hours", before, None)
        return
    if not (0 <= hours.from_hour < 24 and 0 <= hours.to_hour < 24) or hours.from_hour == hours.to_hour:
        raise QuietHoursRefused("Quiet hours begin at one full hour of the day and end at another.")
    fields = to_document(hours)
    before = scope.db["quiet_hours"].find_one_and_update(scope.owned(), {"$set": fields}, upsert=True)
    audit.record_changes(scope, "quiet hours", before, fields)
