"""Public holidays that somebody has asked for."""

from services.errors import LoadlensError


class HolidaysUnknown(LoadlensError):
    """The holidays of the country that was named are not known."""

    def __init__(self, country: str | None) -> None:
        super().__init__(
            "The public holidays of “{country}” are not known. Name a country by two letters, such as DE.",
            country=country,
        )
