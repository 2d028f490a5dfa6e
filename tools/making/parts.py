"""The parts of a robot, read from `parts.toml`: what to buy, what it costs and weighs, and the rows of the wiring."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from making import body
from making.outlines import Outline, Plate

FILE = Path(__file__).with_name("parts.toml")
WOOD_G_CM3 = 0.65  # birch plywood


@dataclass(frozen=True)
class Part:
    """A row of the shopping list; `eur` and `grams` are for one, `only` is the kit that needs it or ""."""

    name: str
    count: int
    eur: float
    grams: float
    check: str
    model: str = ""
    only: str = ""


@dataclass(frozen=True)
class Device:
    """A box of the wiring: see `parts.toml`."""

    title: str
    signals: Sequence[tuple[str, int, str]]
    feeds: Sequence[tuple[str, str]]
    note: str = ""
    only: str = ""


def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def prices_are() -> str:
    """Return what kind of prices these are."""
    return str(_read()["prices"])


def parts(kit_name: str = "") -> list[Part]:
    """Return the parts of a kit, or of all."""
    return [part for part in (Part(**row) for row in _read()["part"]) if not kit_name or part.only in ("", kit_name)]


def devices(kit_name: str) -> list[Device]:
    """Return the boxes of a kit's wiring."""
    return [device for device in (Device(**row) for row in _read()["device"]) if device.only in ("", kit_name)]


def price_eur(kit_name: str) -> float:
    """Return what the parts of a kit cost."""
    return sum(part.count * part.eur for part in parts(kit_name))


def mass_g(kit: Any) -> float:
    """Return what a robot weighs, its plates counted by their area."""
    area = sum(_area(plate.outline) - sum(_area(hole.outline) for hole in plate.holes) for plate in cut(kit))
    return sum(part.count * part.grams for part in parts(kit.name)) + area * body.SHEET_MM / 1000 * WOOD_G_CM3


def cut(kit: Any) -> list[Plate]:
    """Return every plate of a robot, as often as it is cut."""
    wheels = [body.wheel_disc(kit, False), body.wheel_disc(kit, True), body.hub(kit)] * 2
    flat = [body.base(kit), body.key_plate(kit), body.trap(), body.shelf(), body.facade(), body.bumper(), *[body.flank(kit)] * 2]
    return flat + wheels + ([body.cradle()] if kit.wheels == "dc" else [])


def _area(outline: Outline) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True))) / 2


def shopping_list(kit_names: Iterable[str]) -> str:
    """Return the parts as a Markdown table with a sum for each kit."""
    names = list(kit_names)
    lines = ["| pièce | " + " | ".join(f"`{name}`" for name in names) + " | prix | à vérifier en achetant |"]
    lines.append("| --- |" + " --- |" * (len(names) + 2))
    for part in parts():
        counts = [str(part.count) if part.only in ("", name) else "" for name in names]
        lines.append(f"| {part.name} | {' | '.join(counts)} | {_euros(part.eur)} | {part.check} |")
    sums = " | ".join(f"**{_euros(price_eur(name))}**" for name in names)
    return "\n".join([*lines, f"| **Ensemble** | {sums} | | |", "", f"Le prix est celui d’une pièce : {prices_are()}."])


def _euros(amount: float) -> str:
    return f"{amount:.2f} €".replace(".", ",")
