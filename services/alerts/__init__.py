"""What went wrong: found in the readings after an import, kept until somebody has read it."""

from services.alerts.ahead import looking_ahead
from services.alerts.alert import Alert, AlertRefused, worst_first
from services.alerts.evaluation import evaluate
from services.alerts.files import detect_file
from services.alerts.listing import get_alert, list_alerts, mark, mark_all_read, unread_count

__all__ = [
    "Alert",
    "AlertRefused",
    "detect_file",
    "evaluate",
    "get_alert",
    "list_alerts",
    "looking_ahead",
    "mark",
    "mark_all_read",
    "unread_count",
    "worst_first",
]
