"""A mat, a path and a robot as text: for a terminal, a log, a test's message."""

from __future__ import annotations

from petitpas_sim.mat import Cell, Mat, Place, cell_name

_NOSES = "▲▶▼◀"
_WIDTH = 5


def draw_mat(mat: Mat, start: Place, path: list[Cell], end: Place | None) -> str:
    """
    Return a mat as lines of text, the top row first.

    A cell shows the number at which the path last entered it, `⌂` at the start, `■` for a rock, and the robot as an arrow along its nose.
    """
    steps = {cell: number for number, cell in enumerate(path, 1)}
    lines = []
    for row in reversed(range(mat.rows)):
        lines.append("    " + _rule(mat, row))
        cells = ""
        for column in range(mat.columns):
            cells += _inside(mat, (column, row), start, steps, end).center(_WIDTH)
            cells += "┃" if (column, row, "E") in mat.walls or column == mat.columns - 1 else "│"
        lines.append(f"{row + 1:>3} ┃" + cells)
    lines.append("    " + "┗" + "┷".join("━" * _WIDTH for _ in range(mat.columns)) + "┛")
    lines.append("     " + " ".join(cell_name((column, 0))[0].center(_WIDTH) for column in range(mat.columns)))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rule(mat: Mat, row: int) -> str:
    """Return the line above a row."""
    if row == mat.rows - 1:
        return "┏" + "┯".join("━" * _WIDTH for _ in range(mat.columns)) + "┓"
    sides = [("━" if (column, row, "N") in mat.walls else "─") * _WIDTH for column in range(mat.columns)]
    return "┠" + "┼".join(sides) + "┨"


def _inside(mat: Mat, cell: Cell, start: Place, steps: dict[Cell, int], end: Place | None) -> str:
    if cell in mat.rocks:
        return "■■■"
    text = "⌂" if cell == start.cell else ""
    if cell in steps:
        text = f"{text} {steps[cell]}".strip()
    if end is not None and cell == end.cell:
        text = f"{text} {_NOSES[end.quarter]}".strip()
    return text
