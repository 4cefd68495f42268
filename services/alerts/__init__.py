"""What went wrong: found in the readings after an import, kept until somebody has read it."""

from services.alerts.ahead import looking_ahead
from services.alerts.alert import Acknowledgement, Alert, AlertRefused, difference, worst_first
from services.alerts.evaluation import evaluate
from services.alerts.files import detect_file
from services.alerts.handling import (
    acknowledge,
    mark_normal,
    mute,
    muted_devices,
    normal_events,
    snooze,
    snooze_device,
)
from services.alerts.listing import get_alert, list_alerts, mark, mark_all_read, unread_count
from services.alerts.pricing import price_anew
from services.alerts.rule import Rule, RuleRefused
from services.alerts.rules import check_rules, delete_rule, list_rules, save_rule, snooze_rule
from services.alerts.surroundings import Surroundings, surroundings
from services.alerts.telling import due, post

__all__ = [
    "Acknowledgement",
    "Alert",
    "AlertRefused",
    "Rule",
    "RuleRefused",
    "Surroundings",
    "acknowledge",
    "check_rules",
    "delete_rule",
    "detect_file",
    "difference",
    "due",
    "evaluate",
    "get_alert",
    "list_alerts",
    "list_rules",
    "looking_ahead",
    "mark",
    "mark_all_read",
    "mark_normal",
    "mute",
    "muted_devices",
    "normal_events",
    "post",
    "price_anew",
    "save_rule",
    "snooze",
    "snooze_device",
    "snooze_rule",
    "surroundings",
    "unread_count",
    "worst_first",
]
