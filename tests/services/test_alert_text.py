"""One rendering of an alert's sentence, for every language and time zone."""

import gettext as gnu
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from services import messages
from services.alerts import KINDS, Alert, Event, alert_text
from services.alerts.text import USUAL, compose, english_text
from services.devices.devices import new_device
from services.messages import Formats, catalogue

START, END = datetime(2024, 2, 29, 17, tzinfo=UTC), datetime(2024, 2, 29, 19, 30, tzinfo=UTC)
SPIKE = Alert(
    id="1",
    type="spike",
    severity="high",
    message="as stored",
    read=False,
    device_id="2",
    device="Pump",
    start=START,
    end=END,
    expected=6.0,
    actual=1234.5,
    created_at=END,
    reason="spike",
    sentences=(KINDS["spike"].sentences[()], USUAL),
    details={"start": START, "end": END, "device": "Pump", "expected": 6.0, "actual": 1234.5},
)


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    translations = Catalog(locale="de")
    translations.add(SPIKE.sentences[0], "{device} verbrauchte {when} {actual} kWh.")
    translations.add("between {start} and {end} on {day}", "am {day} von {start} bis {end}")
    place = tmp_path / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "loadlens.mo").open("wb") as file:
        write_mo(file, translations)
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "_translations", gnu.NullTranslations())
    monkeypatch.setattr(catalogue, "_formats", Formats())
    messages.use_locale("de_DE")


def test_english_by_the_facilitys_clock() -> None:
    said = "Pump used 1,234 kWh between 18:00 and 20:30 on Thu 29 Feb 2024. 6.0 kWh is usual."
    assert alert_text(SPIKE, "Europe/Berlin") == said
    assert english_text(SPIKE.sentences, SPIKE.details, "Europe/Berlin") == said
    over_midnight = "from 22:30 on Thu 29 Feb 2024 to 01:00 on Fri 1 Mar 2024"
    assert over_midnight in alert_text(SPIKE, "Asia/Kolkata")


@pytest.mark.parametrize(
    ("direction", "actual", "expected", "said"),
    [
        ("consumption", -12.0, -3.0, "Roof used -12.0 kWh {when} -3.0 kWh is usual."),
        ("generation", 12.0, 3.0, "Roof generated 12.0 kWh {when} 3.0 kWh is usual."),
        ("export", 12.0, 0.0, "Roof exported 12.0 kWh {when} Next to nothing is usual."),
    ],
)
def test_what_is_no_consumption_is_not_used(
    direction: str, actual: float, expected: float, said: str
) -> None:
    roof = new_device(name="Roof", direction=direction)
    event = Event(roof.id, "spike", "high", START, END, expected, actual)
    when = "between 18:00 and 20:30 on Thu 29 Feb 2024."
    assert english_text(*compose(event, roof), "Europe/Berlin") == said.format(when=when)


@pytest.mark.usefixtures("german")
def test_another_language_translates_the_whole_sentence_and_writes_as_it_does() -> None:
    assert alert_text(SPIKE, "Europe/Berlin") == (
        "Pump verbrauchte am Do. 29. Feb. 2024 von 18:00 bis 20:30 1.234 kWh. 6,0 kWh is usual."
    )
    in_english = english_text(SPIKE.sentences, SPIKE.details, "Europe/Berlin")
    assert in_english.startswith("Pump used 1,234 kWh between 18:00")


def test_an_alert_of_an_older_loadlens_has_but_its_message() -> None:
    assert alert_text(replace(SPIKE, sentences=()), "Europe/Berlin") == "as stored"
