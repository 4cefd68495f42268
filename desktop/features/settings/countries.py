"""Countries and currencies that there are, as far as Qt knows them."""

from PySide6.QtCore import QLocale

from desktop.framework.ordering import by_name


def countries() -> list[tuple[str, str]]:
    """(name, ISO 3166 code), by name."""
    known = [
        (QLocale.territoryToString(territory), QLocale.territoryToCode(territory))
        for territory in QLocale.Country
        if territory is not QLocale.Country.AnyCountry
    ]
    # Parts of the world have three digits.
    return by_name({place for place in known if len(place[1]) == 2}, lambda place: place[0])


def currencies() -> list[str]:
    """ISO 4217 codes, ascending."""
    any_language, any_script = QLocale.Language.AnyLanguage, QLocale.Script.AnyScript
    locales = QLocale.matchingLocales(any_language, any_script, QLocale.Country.AnyCountry)
    codes = {locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) for locale in locales}
    return sorted(codes - {""})
