"""Printed pages, opened again: what stands on them, in millimetres."""

import ctypes
import importlib
from datetime import date
from typing import Any

import pytest

from petitpas.lessons.load import lessons_folder, load_lesson
from petitpas.printing import Job
from petitpas.words import Words
from tests.conftest import IS_CI

POINTS_PER_MM = 72 / 25.4
TODAY = date(2026, 11, 22)
WORDS = Words("fr")
Line = tuple[tuple[float, float], ...]


def tool(name: str) -> Any:
    """Return a module that these tests need; without it skip, or fail where nothing may be missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if IS_CI:
            pytest.fail(f"{name} is missing")
        pytest.skip(f"{name} is missing: run `python3 go.py test`")


def job(name: str, **more: object) -> Job:
    return Job(load_lesson(lessons_folder() / name), WORDS, today=TODAY, **more)  # type: ignore[arg-type]


def opened(data: bytes) -> Any:
    return tool("pypdfium2").PdfDocument(data)


def lines_of(page: Any) -> list[Line]:
    """Return the outlines on a page, in mm from its bottom left."""
    raw = tool("pypdfium2.raw")
    found = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        matrix = thing.get_matrix()
        points = []
        for at in range(raw.FPDFPath_CountSegments(thing.raw)):
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(raw.FPDFPath_GetPathSegment(thing.raw, at), x, y)
            points.append(tuple(value / POINTS_PER_MM for value in matrix.on_point(x.value, y.value)))
        found.append(tuple(points))
    return found


def size_of(line: Line) -> tuple[float, float]:
    """Return width and height of an outline, to a hundredth of a millimetre."""
    across, up = zip(*line, strict=True)
    return round(max(across) - min(across), 2), round(max(up) - min(up), 2)
