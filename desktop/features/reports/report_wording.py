"""How a report is worded in the user's language and written as the user's country writes."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from services.reports import Paper, paper_of

SHORT = QLocale.FormatType.ShortFormat
NBSP = "\N{NO-BREAK SPACE}"


class ReportWording:
    """The `services.reports.Wording` of the locale in force; ``country`` (ISO 3166) is the facility's."""

    def __init__(self, country: str | None = None) -> None:
        # Taken on the GUI thread, used on others: a locale is a value.
        self._locale = QLocale()
        self._country = country or QLocale.territoryToCode(self._locale.territory())

    def at(self, country: str | None) -> "ReportWording":
        """The same for a facility in this country, if it is known."""
        return ReportWording(country) if country else self

    @property
    def language(self) -> str:
        return QLocale.languageToCode(self._locale.language()) or "en"

    @property
    def paper(self) -> Paper:
        return paper_of(self._country)

    def say(self, template: str, **details: object) -> str:
        translated = QCoreApplication.translate("reports", template)
        return translated.format(**details) if details else translated

    def number(self, value: float, decimals: int = 0) -> str:
        return self._locale.toString(float(value), "f", decimals)

    def money(self, value: float, currency: str, decimals: int = 0) -> str:
        amount = self._locale.toCurrencyString(float(value), currency, decimals)
        # Made for symbols: a code must not touch the number.
        after = amount.removeprefix(currency)
        return f"{currency}{NBSP}{after}" if after != amount and not after[:1].isspace() else amount

    def day(self, value: date) -> str:
        return self._date(value, self._pattern)

    def short_day(self, value: date) -> str:
        if self._pattern.startswith("y"):
            return self._date(value, self._pattern[self._pattern.index("M") :])
        day = "d." if "d." in self._pattern else "d"
        month_first = self._pattern.index("M") < self._pattern.index("d")
        return self._date(value, f"MMM {day}" if month_first else f"{day} MMM")

    def month(self, value: date) -> str:
        if self._pattern.startswith("y"):
            return self._date(value, self._pattern[: self._pattern.index("d")])
        return f"{self._locale.standaloneMonthName(value.month)} {self._date(value, 'yyyy')}"

    def short_month(self, value: date) -> str:
        return self._locale.standaloneMonthName(value.month, SHORT)

    def weekday(self, index: int) -> str:
        return self._locale.standaloneDayName(index + 1, SHORT)

    def time(self, value: datetime) -> str:
        return self._locale.toString(QTime(value.hour, value.minute), SHORT)

    @property
    def _pattern(self) -> str:
        """Of a day in full, without the weekday."""
        return self._locale.dateFormat(QLocale.FormatType.LongFormat).replace("dddd", "").strip(" ,،")

    def _date(self, value: date, pattern: str) -> str:
        return self._locale.toString(QDate(value.year, value.month, value.day), pattern).strip()
