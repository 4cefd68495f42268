"""Views of the dashboard that are remembered."""

from datetime import date

import pytest

from services.scope import Scope
from services.views import NamedView, View, ViewRefused, delete, named, remember, remembered, rename, save

MARCH = View("custom", date(2024, 3, 1), date(2024, 3, 31), ("a", "b"), None, ("Hall",), "hour")


def test_last_look_is_remembered_and_is_no_named_view(scope: Scope) -> None:
    assert remembered(scope) is None
    remember(scope, MARCH)
    remember(scope, View(period="this year"))
    assert remembered(scope) == View(period="this year")
    assert named(scope) == []


def test_named_views_are_saved_renamed_and_deleted(scope: Scope) -> None:
    save(scope, "  March ", View())
    save(scope, "march", MARCH)
    save(scope, "Chillers", View(device_ids=("c",)))
    assert named(scope) == [NamedView("Chillers", View(device_ids=("c",))), NamedView("March", MARCH)]

    rename(scope, "March", "Early spring")
    assert [view.name for view in named(scope)] == ["Chillers", "Early spring"]
    with pytest.raises(ViewRefused, match="“CHILLERS” already"):
        rename(scope, "Early spring", "CHILLERS")
    with pytest.raises(ViewRefused, match="Enter a name"):
        save(scope, " ", MARCH)
    with pytest.raises(ViewRefused, match="at most 255"):
        save(scope, "March " * 50, MARCH)

    delete(scope, "Chillers")
    with pytest.raises(ViewRefused, match="not there any more"):
        rename(scope, "Chillers", "Cold")
    assert [view.name for view in named(scope)] == ["Early spring"]


def test_another_spelling_of_a_view_is_the_same_view(scope: Scope) -> None:
    save(scope, "Hall 1", View())
    save(scope, "hall\u00a0１", MARCH)
    assert named(scope) == [NamedView("Hall 1", MARCH)]
    save(scope, "Lift", View())
    with pytest.raises(ViewRefused, match="already"):
        rename(scope, "Lift", "HALL  1")
