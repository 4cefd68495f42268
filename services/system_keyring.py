"""The system's keyring, where there is one: whatever goes wrong with it, it is as if there were none.

It is loaded when first used, since most commands never do.
"""

import logging

log = logging.getLogger(__name__)


def read(service: str, name: str) -> str | None:
    """What is kept under that name; None when nothing is, or there is no keyring."""
    import keyring

    try:
        return keyring.get_password(service, name)
    except Exception as error:  # of the keyring's own kind, or of whatever the system keeps it with
        log.debug("the keyring cannot be read: %s", error)
        return None


def write(service: str, name: str, text: str) -> bool:
    """Keep the text; whether it is there now, as a look at it says."""
    import keyring

    try:
        keyring.set_password(service, name, text)
    except Exception as error:
        log.debug("the keyring cannot be written: %s", error)
    return read(service, name) == text


def delete(service: str, name: str) -> None:
    """Keep it no longer."""
    import keyring

    try:
        keyring.delete_password(service, name)
    except Exception as error:
        log.debug("nothing was taken out of the keyring: %s", error)
