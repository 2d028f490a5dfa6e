"""From pages to a PDF, with Typst, which is a Python package and no program to install."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import petitpas_sim.view
from petitpas.errors import KitError
from petitpas.printing.cards import Data
from petitpas.printing.markers import MARKER_IDS, marker_svg
from petitpas.robots.animals import ANIMALS
from petitpas.words import LANGUAGE
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import PICTURES, picture_of
from petitpas_sim.view.palette import COLOURS
from petitpas_sim.view.shapes import Drawing
from petitpas_sim.view.vector import outlined, svg

EXTRA = ("typst",)
"""What the extra `print` installs."""

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = Path(petitpas_sim.view.__file__).parent / "fonts"
_GO_SHARE = 0.62
"""The sign of GO is this much smaller than its disc, as on the wall, where the word is below it."""

_TO_COLOUR = ("foot", "alone", "with_friend", "with_adult", "star")


def pdf(pages: Sequence[Data], title: str, lang: str = LANGUAGE) -> bytes:
    """
    Return the PDF of some pages, at least one, with its fonts in it; the same pages give the same bytes.

    Raises:
        KitError: Typst is not installed.
    """
    (made,) = _set(pages, title, lang, "pdf", None)
    return made


def png(pages: Sequence[Data], dpi: float) -> list[bytes]:
    """Return a picture of each page, `dpi` pixels an inch; raise KitError where Typst is not installed."""
    return _set(pages, "", LANGUAGE, "png", dpi)


def _set(pages: Sequence[Data], title: str, lang: str, form: Literal["pdf", "png"], dpi: float | None) -> list[bytes]:
    """Return the documents that Typst makes of some pages: one, or for pictures one a page."""
    if importlib.util.find_spec("typst") is None:
        raise KitError("print_missing", packages=" ".join(EXTRA), python=sys.executable)
    import typst

    data = {"title": title, "lang": lang, "pages": list(pages), "colours": COLOURS, **_pictures()}
    made: bytes | list[bytes] = typst.compile(
        str(_TEMPLATES / "main.typ"),
        root=str(_TEMPLATES),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        format=form,
        ppi=dpi,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made if isinstance(made, list) else [made]


@cache
def _pictures() -> dict[str, dict[str, object]]:
    """Return every picture by its name, as SVG, and its size in units."""
    drawings = {name: picture_of(name) for name in PICTURES}
    drawings |= {f"robot:{animal.name}": robot_picture(animal.name, "exact") for animal in ANIMALS}
    drawings |= {f"colour:{name}": outlined(picture_of(name)) for name in _TO_COLOUR}
    drawings["colour:robot"] = outlined(robot_picture("lapin", "exact"))
    drawings["go_key"] = Drawing(*picture_of("disc").shapes, *picture_of("go").scaled(_GO_SHARE).shapes)
    pictures: dict[str, object] = {name: svg(drawing) for name, drawing in drawings.items()}
    pictures |= {f"marker:{number}": marker_svg(number) for number in MARKER_IDS.values()}
    return {"pictures": pictures, "sizes": {name: _size(drawing) for name, drawing in drawings.items()}}


def _size(drawing: Drawing) -> tuple[float, float]:
    left, top, right, bottom = drawing.bounds()
    return right - left, bottom - top
