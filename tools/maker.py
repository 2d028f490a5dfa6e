"""
Write what the maker's guide takes from the kit files: drawings, wiring tables and the shopping list, in docs/fabriquer.

    python tools/maker.py             write
    python tools/maker.py --check     write nothing; exit 1 where something is not as it would be written

Prices, masses and contacts come from `making/parts.toml`, dimensions from `making/body.py`, pins and wheels from the kit files.
In the guide's README the shopping list stands between `<!-- pieces -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made import bring_up_to_date
from making import parts, plates, steps, wires, wiring
from petitpas_sim.kits import load_kit

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "fabriquer"
KITS = ("pico-stepper", "pico-dc")

SHARED: dict[str, Callable[[Any], str]] = {
    "plateau-bas.svg": plates.base_sheet,
    "plaque-touches.svg": plates.key_sheet,
    "etape-1.svg": steps.step_base,
}
"""Drawings of the one body, which must not depend on the kit."""

OF_A_KIT: dict[str, Callable[[Any], str]] = {
    "flancs": plates.flank_sheet,
    "roues": plates.wheel_sheet,
    "cablage": wiring.signals,
    "alimentation": wiring.supply,
    "etape-2": steps.step_motors,
    "etape-3": steps.step_front,
    "etape-4": steps.step_pico,
    "etape-5": steps.step_top,
}
"""Drawings of which each kit has its own: NAME-KIT.svg."""


def drawings(kits: list[Any]) -> dict[str, str]:
    """
    Return the drawings by the name of their file.

    Raises:
        SystemExit: the kits would need different bodies.
    """
    made = {}
    for name, draw in SHARED.items():
        versions = {draw(kit) for kit in kits}
        if len(versions) > 1:
            raise SystemExit(f"{name}: the kits {', '.join(kit.name for kit in kits)} no longer share one body")
        made[name] = versions.pop()
    for name, draw in OF_A_KIT.items():
        made |= {f"{name}-{kit.name}.svg": draw(kit) for kit in kits}
    return made


def wiring_page(kit: Any) -> str:
    """Return the page of a kit's wiring: both drawings, both tables."""
    return f"""# Câblage de {kit.name}

Cette page est écrite par `tools/maker.py` d’après le fichier du robot : dessins et tableaux disent la même chose.
Retour au [guide](README.md#étape-6--les-fils).

## Du bornier aux pièces

![Fils de signal, borne par borne](cablage-{kit.name}.svg)

{wires.wire_table(kit)}

## Piles et connecteurs à leviers

![Piles, diode et connecteurs](alimentation-{kit.name}.svg)

{wires.connector_table(kit)}

{wires.ground_table(kit)}

En plus, le fil rouge du coupleur va à l’entrée de l’interrupteur.
Le côté du trait de la diode Schottky va à la borne {wires.SUPPLY}, VSYS.
"""


def guide(text: str, kits: list[Any]) -> str:
    """Return the guide with its shopping list written anew."""
    table = f"<!-- pieces -->\n{parts.shopping_list(kit.name for kit in kits)}\n<!-- end -->"
    return re.sub(r"<!-- pieces -->\n.*?<!-- end -->", lambda _: table, text, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write, or check, every file that is made."""
    kits = [load_kit(name) for name in KITS]
    files = {GUIDE / name: text for name, text in drawings(kits).items()}
    files |= {GUIDE / f"cablage-{kit.name}.md": wiring_page(kit) for kit in kits}
    files[GUIDE / "README.md"] = guide((GUIDE / "README.md").read_text(encoding="utf-8"), kits)
    return bring_up_to_date("tools/maker.py", ROOT, files, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
