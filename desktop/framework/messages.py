"""What the services say, in the user's language."""

from PySide6.QtCore import QCoreApplication

from services.errors import LoadlensError


def in_words(error: LoadlensError) -> str:
    """The sentence of a refusal, translated, with its details filled in."""
    template = QCoreApplication.translate("refusals", error.sentence)
    return template.format(**error.details) if error.details else template


def unexpected() -> str:
    """What is said of an error that nobody foresaw; its story goes to the log."""
    return QCoreApplication.translate(
        "refusals", "Something went wrong inside Loadlens. Try again; the details are in its log."
    )


def stage_in_words(stage: str) -> str:
    """The stage that a long-running service reports, translated."""
    return QCoreApplication.translate("stages", stage)
