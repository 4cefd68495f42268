"""The report on paper."""

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from services.reports.contents import Contents
from services.reports.pages.layout import layout
from services.reports.wording import Wording

if TYPE_CHECKING:
    import typst

RESOURCES = Path(str(files("resources")))


def as_pdf(contents: Contents, wording: Wording) -> bytes:
    """The pages as PDF, with tags for screen readers."""
    import typst  # not before there is something to set

    pages = typst.compile(
        RESOURCES / "reports" / "report.typ",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(layout(contents, wording), ensure_ascii=False)},
        format="pdf",
    )
    assert isinstance(pages, bytes)
    return pages


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    """FiraGO, and whatever the system has for letters that it lacks."""
    import typst

    return typst.Fonts(font_paths=[RESOURCES / "fonts"])
