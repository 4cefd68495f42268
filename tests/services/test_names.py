"""What is the same name."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.names import name_key

ALIKE = {
    "case": ("Pump", "PUMP"),
    "no-break space": ("Chiller 1", "Chiller\u00a01"),
    "narrow no-break space": ("Chiller 1", "Chiller\u202f1"),
    "ideographic space": ("Chiller 1", "Chiller\u30001"),
    "two spaces": ("Chiller 1", "Chiller  1"),
    "tab and line end": ("Chiller 1", "Chiller\t\r\n1"),
    "spaces around": ("Chiller 1", "\u2003Chiller 1 "),
    "decomposed": ("Kühlung", unicodedata.normalize("NFD", "Kühlung")),
    "decomposed in another order": ("a\u0323\u0307", "a\u0307\u0323"),
    "sharp s": ("Straße", "STRASSE"),
    "capital sharp s": ("STRAẞE", "straße"),
    "final sigma": ("ΟΔΟΣ", "οδος"),
    "final sigma in lower case": ("οδος", "οδοσ"),
    "Turkish capital": ("KAZAN DAİRESİ", "kazan dairesi"),
    "full width": ("Pump 1", "Ｐｕｍｐ　１"),
    "half width": ("ポンプ", "ﾎﾟﾝﾌﾟ"),
    "ligature": ("Office", "Oﬃce"),
    "superscript": ("kWh/m2", "kWh/m²"),
    "subscript": ("CO2", "CO₂"),
    "unit sign": ("Ω", "\u2126"),
    "Roman numeral": ("Hall II", "Hall Ⅱ"),
    "soft hyphen": ("Lighting", "Light\u00ading"),
    "zero-width space": ("Lift", "Li\u200bft"),
    "zero-width joiner": ("Lift", "Li\u200dft"),
    "byte order mark": ("Lift", "\ufeffLift"),
    "marks of direction": ("Lift", "\u200eLift\u202c\u2069"),
    "variation selector": ("Lift ☀", "Lift ☀\ufe0f"),
    "tag characters": ("Lift", "Lift\U000e0061\U000e007f"),
    "between a letter and its accent": ("é", "e\u200d\u0301"),
    "control characters": ("Lift", "\x00Li\x07ft\x9f"),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_same_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pump 1", "Pump 2"),
        ("Pump1", "Pump 1"),
        ("Kühlung", "Kuhlung"),
        ("kapı", "kapi"),
        ("Halle A", "Halle А"),  # Cyrillic
        ("Pump-1", "Pump_1"),
    ],
)
def test_another_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["", " \t\u00a0", "\u200b", "\x00", "\u3164\ufe0f", "\u00ad \u2060"])
def test_name_that_is_not_seen_has_no_key(name: str) -> None:
    assert name_key(name) == ""


MIXED = st.text(
    st.one_of(
        st.characters(codec=None, categories=("Mn", "Mc", "Cf", "Zs", "Cc", "Lo", "Lm", "Cs", "Cn", "Co")),
        st.sampled_from("aiIİıßẞﬁﬃς²ｋ\u0345\u0307\u0308\u0323\u00a0\u200d\ufe0f\u00ad´¨ᾳ\u1100\u1161"),
        st.characters(),
    )
)


@given(MIXED)
@example("\ud800")
@example("´")
def test_key_is_the_key_of_itself_and_can_be_stored(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert key.encode("utf-8").decode("utf-8") == key


@given(MIXED, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
@settings(max_examples=300)
def test_key_does_not_depend_on_how_a_name_is_composed(name: str, form: str) -> None:
    assert name_key(unicodedata.normalize(form, name)) == name_key(name)
