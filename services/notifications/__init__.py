"""Telling people who are not at the screen: by mail, through an outbox, and not in their quiet hours."""

from services.notifications.mail_settings import (
    MailSettings,
    MailSettingsRefused,
    default_mail_settings,
    has_password,
    mail_settings,
    mailed_from,
    password_of,
    save_mail_settings,
)
from services.notifications.outbox import Mail, enqueue, list_mails, posted, retry
from services.notifications.quiet_hours import QuietHours, is_quiet, quiet_hours_of, set_quiet_hours
from services.notifications.sending import MailRefused, greet, send_due, send_test

__all__ = [
    "Mail",
    "MailRefused",
    "MailSettings",
    "MailSettingsRefused",
    "QuietHours",
    "default_mail_settings",
    "enqueue",
    "greet",
    "has_password",
    "is_quiet",
    "list_mails",
    "mail_settings",
    "mailed_from",
    "password_of",
    "posted",
    "quiet_hours_of",
    "retry",
    "save_mail_settings",
    "send_due",
    "send_test",
    "set_quiet_hours",
]
