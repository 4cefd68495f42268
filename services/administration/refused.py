"""Why an account cannot be changed as asked."""

from services.errors import LoadlensError


class AccountRefused(LoadlensError):
    """The change would leave nobody in charge, or the account is not there."""


def gone() -> AccountRefused:
    """The refusal for an account that is not there."""
    return AccountRefused("This account is not there any more. Refresh the list.")
