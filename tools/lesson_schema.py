"""
The JSON Schema (draft 2020-12) of lesson.toml, made from the tables of the code: `tools/tables.py` writes it.

An editor that knows TOML completes and underlines a lesson with it. What one value says of another (a cell outside the mat, a path with a
hole) no schema can tell; `petitpas lesson check` does. TOML's dates are texts to it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host", "simulator")]

from petitpas.lessons import FORMAT, GOAL_TYPES, VARIANTS  # noqa: E402
from petitpas.lessons.fields import MAX_LIMIT, MAX_TEXT, MAX_TITLE  # noqa: E402
from petitpas.lessons.ground import CELL_COLOURS  # noqa: E402
from petitpas.lessons.lesson import IDEAS, LANDMARKS, NAMES  # noqa: E402
from petitpas.lessons.load import MAX_NUMBER  # noqa: E402
from petitpas.lessons.sheet import ACTIVITIES, HEADINGS, LISTS  # noqa: E402
from petitpas.program.blocks import BLOCKS, LEVELS, SENSORS, Parameter, Row  # noqa: E402
from petitpas.words import LANGUAGE, LANGUAGES  # noqa: E402
from petitpas_sim.kits import kit_names  # noqa: E402
from petitpas_sim.mat import HEADINGS as SIDES  # noqa: E402
from petitpas_sim.mat import MAX_SIDE  # noqa: E402

Schema = dict[str, object]

ADDRESS = "https://json-schema.org/draft/2020-12/schema"

_LINE = r"^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
_NUMBER = "(" + "|".join(str(number) for number in range(MAX_SIDE, 0, -1)) + ")"
_CELL = f"[A-{chr(ord('A') + MAX_SIDE - 1)}]{_NUMBER}"
_SIDE = f"0?{_NUMBER}"


def lesson_schema() -> str:
    """Return the text of lessons/lesson.schema.json."""
    return json.dumps(_schema(), indent=2, ensure_ascii=False) + "\n"


def _schema() -> Schema:
    keys: Schema = {
        "format": {"type": "integer", "const": FORMAT, "description": "le numéro du format"},
        "levels": {**_some({"enum": list(LEVELS)}), "description": "les niveaux de classe"},
        "session": {**_count(), "description": "la place dans la séquence du niveau"},
        "title": {**_ref("title"), "description": "le titre"},
        "objective": {**_ref("text"), "description": "ce que la séance fait apprendre"},
        "activity": {"enum": list(ACTIVITIES), "description": "ce que font les élèves"},
        "references": {**_ref("texts"), "description": "des codes de programmes.toml"},
        "blocks": {**_ref("choices"), "description": "les cartes permises, avec le plus petit et le plus grand nombre"},
        "tested": {"type": "string", "format": "date", "description": "le jour où la leçon a été jouée"},
        "duration_min": {**_count(), "description": "la durée, en minutes"},
        "sheet": {**_ref("sheet"), "description": "la page de l’enseignant"},
        "success": {**_ref("sentence"), "description": "ce que dit l’enfant qui a réussi"},
        "variants": {**_table({name: _ref("variant") for name in VARIANTS}, VARIANTS), "description": "les trois variantes"},
    }
    title = "Leçon de Petit Pas"
    return {"$schema": ADDRESS, "title": title, **_table(keys, ("format", "levels", "title", "variants")), "$defs": _definitions()}


def _definitions() -> Schema:
    heads = [row for row in BLOCKS.values() if row.kind == "head"]
    blocks = [row for row in BLOCKS.values() if row.kind != "head"]
    alone: Schema = {"enum": [row.type for row in blocks if not _required(row)]}
    sheet: Schema = {heading: _ref("texts" if heading in LISTS else "text") for heading in HEADINGS}
    choice: Schema = {"enum": [row.type for row in blocks]}
    number: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER}
    ranged: Schema = {"type": "array", "prefixItems": [choice, number, number], "items": False}
    return {
        "title": {"type": "string", "maxLength": MAX_TITLE, "pattern": _LINE},
        "text": {"type": "string", "maxLength": MAX_TEXT, "pattern": _LINE},
        "texts": _some(_ref("text")),
        "sentence": _table({lang: _ref("text") for lang in LANGUAGES}, (LANGUAGE,)),
        "sheet": _table(sheet),
        "cell": {"type": "string", "pattern": f"^{_CELL}$"},
        "cells": {"type": "array", "items": _ref("cell")},
        "place": {"type": "string", "pattern": f"^{_CELL}[{SIDES}]$"},
        "choices": _some({"anyOf": [choice, {**ranged, "minItems": 3}, {**ranged, "minItems": 1, "maxItems": 1}]}),
        "block": {"anyOf": [alone, *map(_block, blocks)]},
        "program": {"anyOf": [_some(_ref("block")), _some({"anyOf": [_block(head) for head in heads]})]},
        "programs": _some(_ref("program")),
        "goal": {"oneOf": [_goal(kind) for kind in GOAL_TYPES]},
        "robot": _table(_robot(), tuple(_robot())),
        "variant": _variant(),
    }


def _robot() -> Schema:
    return {"kit": {"enum": list(kit_names())}, "start": _ref("place"), "goal": _ref("goal"), "solution": _ref("program")}


def _variant() -> Schema:
    wrong: Schema = {"program": _ref("program"), "idea": {"enum": list(IDEAS)}, "previous": _ref("program")}
    landmarks: Schema = {"type": "object", "propertyNames": _ref("cell"), "additionalProperties": {"enum": list(LANDMARKS)}}
    keys: Schema = {
        **_robot(),
        "mat": {"type": "string", "pattern": f"^{_SIDE}[x×]{_SIDE}$"},
        "rocks": _ref("cells"),
        "walls": {"type": "array", "items": _ref("place")},
        "lines": {"type": "array", "items": {**_ref("cells"), "minItems": 2}},
        "colours": {"type": "object", "propertyNames": _ref("cell"), "additionalProperties": {"enum": list(CELL_COLOURS)}},
        "lamps": _ref("cells"),
        "limits": _table({"cards": _count(), "turns": _count()}),
        "given": _ref("program"),
        "robots": {"type": "array", "maxItems": len(NAMES) - 1, "items": _ref("robot")},
        "challenge": _ref("sentence"),
        "activity": {"enum": list(ACTIVITIES)},
        "blocks": _ref("choices"),
        "solutions": _ref("programs"),
        "distractors": _ref("programs"),
        "landmarks": landmarks,
        "enrichment": {"type": "boolean"},
        "wrong": {"type": "array", "items": _table(wrong, ("program", "idea"))},
    }
    is_choice = {"properties": {"goal": {"properties": {"type": {"const": "choose"}}}}}
    return {
        **_table(keys, (*_robot(), "mat")),
        "if": is_choice,
        "then": {"required": ["distractors"]},
        "else": {"properties": {"distractors": False}},
    }


def _goal(kind: str) -> Schema:
    key = {"predict": "place", "pattern": "motif"}.get(kind, "cells")
    value = {"place": _ref("place"), "motif": _ref("program"), "cells": _some(_ref("cell"))}[key]
    return _table({"type": {"const": kind}, key: value}, ("type", key))


# --- Blocks ---------------------------------------------------------------------------------------------------------


def _required(row: Row) -> int:
    return sum(not parameter.is_optional for parameter in row.parameters)


def _block(row: Row) -> Schema:
    """Return a block with its values: its type, its parameters, its bodies, of which the last ones may be left out."""
    body: Schema = {"type": "array", "items": _ref("block")}
    items = [{"const": row.type}, *map(_value, row.parameters), *[body] * len(row.bodies)]
    return {"type": "array", "prefixItems": items, "items": False, "minItems": 1 + _required(row)}


def _value(parameter: Parameter) -> Schema:
    if parameter.unit == "choice":
        return {"enum": [name for name, _ in parameter.choices]}
    if parameter.unit == "test":
        number: Schema = {"type": "integer", "minimum": 0}
        return _table({"sensor": {"enum": list(SENSORS)}, "is": {"enum": ["below", "above"]}, "value": number}, ("sensor",))
    return {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}


# --- Parts of a schema ----------------------------------------------------------------------------------------------


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _count() -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}


def _some(item: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": item}


def _table(keys: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {"type": "object", "properties": keys, "additionalProperties": False, **({"required": list(required)} if required else {})}
