"""Every sentence that a person reads can be extracted, translated and filled in."""

import gettext as gnu
from datetime import date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from services import messages
from services.errors import LoadlensError
from services.messages import Formats, catalogue
from services.messages.extract import faults
from services.messages.extract import messages as extracted


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Translate into German what `Catalog` holds here."""
    translations = Catalog(locale="de")
    translations.add("{count} rows of {file} were refused.", "In {file} wurden {count} Zeilen abgelehnt.")
    translations.add(("{count} row", "{count} rows"), ("{count} Zeile", "{count} Zeilen"))
    place = tmp_path / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "loadlens.mo").open("wb") as file:
        write_mo(file, translations)
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "_translations", gnu.NullTranslations())
    monkeypatch.setattr(catalogue, "_formats", Formats())
    messages.use_locale("de_AT")


@pytest.mark.usefixtures("german")
def test_what_is_refused_is_said_in_the_language_shown() -> None:
    error = LoadlensError("{count} rows of {file} were refused.", count=3, file=Path("a.csv"))
    assert str(error) == "In a.csv wurden 3 Zeilen abgelehnt."
    assert messages.ngettext("{count} row", "{count} rows", 1) == "1 Zeile"
    assert messages.ngettext("{count} row", "{count} rows", 1200) in ("1.200 Zeilen", "1\u00a0200 Zeilen")
    assert messages.gettext("Nobody translated this.") == "Nobody translated this."


def test_a_locale_writes_numbers_and_days_its_own_way() -> None:
    english, german, american = Formats(), Formats("de_DE"), Formats("en_US")
    day = date(2017, 7, 8)
    assert [of.day(day) for of in (english, german, american)] == [
        "8 July 2017",
        "8. Juli 2017",
        "July 8, 2017",
    ]
    assert [of.number(1234.56, 1) for of in (english, german)] == ["1,234.6", "1.234,6"]
    assert english.money(-1234, "EUR") == "EUR\u00a0-1,234"
    assert german.money(1234.5, "EUR", 2) == "1.234,50\u00a0EUR"
    assert (english.rounded(None), english.rounded(0.125), english.rounded(99.96)) == ("–", "0.12", "100.0")
    assert english.time(datetime(2017, 7, 8, 18, 30)) == "18:30"
    at = datetime(2017, 7, 8, 18, 30)
    assert (english.moment(at), english.medium_moment(at)) == ("8 July 2017, 18:30", "8 Jul 2017, 18:30")
    short = [each.medium_day(date(2017, 8, 7)) for each in (english, german, american)]
    assert short == ["7 Aug 2017", "7. Aug. 2017", "Aug 7, 2017"], "the month has its name everywhere"
    assert Formats("tlh").day(day) == english.day(day)  # a locale that Unicode does not describe


def test_every_sentence_can_be_extracted() -> None:
    assert len(extracted()) > 1_000
    assert [f"{fault.file}:{fault.line}: {fault.text}" for fault in faults()] == []
