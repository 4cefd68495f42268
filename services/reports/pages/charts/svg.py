"""Shapes as SVG text; lengths in points of the page."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

FONT = "FiraGO"
LABEL = 7.2
"""Size of the letters in a chart, in points."""

Point = tuple[float, float]


def svg(width: float, height: float, parts: Iterable[str]) -> str:
    """A whole drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{FONT}" font-size="{LABEL}">{"".join(parts)}</svg>'
    )


def rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{colour}"/>'


def line(start: Point, end: Point, colour: str, width: float = 0.5, dashes: str = "") -> str:
    return polyline([start, end], colour, width, dashes)


def polyline(points: Sequence[Point], colour: str, width: float = 1.2, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{_listed(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
    )


def polygon(points: Sequence[Point], colour: str, opacity: float = 1.0) -> str:
    return f'<polygon points="{_listed(points)}" fill="{colour}" fill-opacity="{opacity:g}"/>'


def circle(centre: Point, radius: float, colour: str) -> str:
    return f'<circle cx="{centre[0]:.2f}" cy="{centre[1]:.2f}" r="{radius:g}" fill="{colour}"/>'


def text(at: Point, words: str, colour: str, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{at[0]:.2f}" y="{at[1]:.2f}" fill={quoteattr(colour)} '
        f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
    )


def _listed(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
