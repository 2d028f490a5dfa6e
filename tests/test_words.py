"""The words: the same keys in each language, nothing without a sentence, and what children must never read."""

import keyword
import re
import string

import pytest

from petitpas import errors
from petitpas.errors import KitError
from petitpas.program.blocks import BLOCKS, BODIES, LEVELS, SENSORS
from petitpas.words import LANGUAGES, Key, Words
from petitpas_robot import opcodes as o

FRENCH, ENGLISH = Words("fr"), Words("en")
ALL = [Words(lang) for lang in LANGUAGES]
KEYS = FRENCH.keys()
NEVER = re.compile(r"\b(faux|fausse|raté|ratée|échec|mauvais|mauvaise|perdu|perdue|se tromper|trompé|trompée)\b", re.IGNORECASE)
"""The interface and the lessons never say these, as whole words."""


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def template(words: Words, key: str) -> str:
    return words._table[key]


@pytest.mark.parametrize("words", ALL, ids=LANGUAGES)
def test_each_language_has_the_same_keys_in_the_same_order(words: Words) -> None:
    assert words.keys() == KEYS


@pytest.mark.parametrize("words", ALL, ids=LANGUAGES)
def test_each_language_names_the_same_fields(words: Words) -> None:
    assert [key for key in KEYS if holes(template(FRENCH, key)) != holes(template(words, key))] == []


def test_nothing_is_empty_but_what_has_no_unit() -> None:
    empty = {key for key in KEYS if not template(FRENCH, key).strip()}
    assert empty == {"units.number", "units.choice", "units.test"}


@pytest.mark.parametrize("words", ALL, ids=LANGUAGES)
def test_everything_has_its_words(words: Words) -> None:
    wanted = [f"blocks.{name}.{word}" for name in BLOCKS for word in ("name", "say", "ps", "ms", "cp")]
    wanted += [parameter.key for row in BLOCKS.values() for parameter in row.parameters]
    wanted += [f"units.{parameter.unit}" for row in BLOCKS.values() for parameter in row.parameters]
    wanted += [f"kinds.{row.kind}" for row in BLOCKS.values()]
    wanted += [f"bodies.{name}" for name in BODIES]
    wanted += [f"levels.{name}" for name in (*LEVELS, "enrichment")]
    wanted += [sensor.key for sensor in SENSORS.values()]
    wanted += [f"keys.{name[4:].lower()}" for name in vars(o) if name.startswith("KEY_")]
    wanted += [f"colours.{name[7:].lower()}" for name in vars(o) if name.startswith("COLOUR_")]
    wanted += [f"outcomes.{number}" for name, number in vars(o).items() if name.startswith("HOW_")]
    wanted += [f"faults.{number}.{word}" for name, number in vars(o).items() if name.startswith("FAULT_") for word in ("what", "do")]
    assert [key for key in wanted if key not in set(words.keys())] == []


def test_every_error_class_has_its_words() -> None:
    classes = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, KitError)]
    codes = {kind.default_code for kind in classes if kind.default_code} | {"version_host_old", "file_format", "file_version"}
    assert [code for code in sorted(codes) if not {f"errors.{code}.what", f"errors.{code}.do"} <= set(KEYS)] == []
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert {"KitError", *drawn} == {kind.__name__ for kind in classes}


def test_an_error_says_what_is_wrong_and_what_to_do() -> None:
    for key in FRENCH.keys("errors") + FRENCH.keys("faults"):
        for words in ALL:
            assert re.search(r"[.!]$", template(words, key)), key
        assert key.rpartition(".")[0] + ".do" in KEYS


def test_words_that_never_appear() -> None:
    assert [key for key in KEYS if NEVER.search(template(FRENCH, key))] == []
    assert NEVER.search("C’est raté.")


def test_a_sentence_for_children_is_short() -> None:
    for words in ALL:
        for name in BLOCKS:
            said = words.text(f"blocks.{name}.say")
            assert said.endswith(".")
            assert len(re.findall(r"[\w’'-]+", said)) <= 8, said


def test_the_youngest_read_the_words_of_their_class() -> None:
    assert [FRENCH.text(f"blocks.{name}.ps") for name in ("forward", "backward")] == ["avance", "recule"]
    assert FRENCH.text("blocks.left.ms") == "tourne à gauche"
    assert FRENCH.text("blocks.right.cp") == "pivote d’un quart de tour à droite"


@pytest.mark.parametrize("words", ALL, ids=LANGUAGES)
def test_python_names_are_names_for_micropython_too(words: Words) -> None:
    keys = [key for key in words.keys("python") if not key.startswith(("python.keys", "python.colours", "python.heads.define"))]
    names = [words.text(key, own=1, message=1, key="x") for key in keys]
    assert [name for name in names if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name)] == []
    assert len(set(names)) == len(names)
    assert words.text("python.heads.define", own=2) == words.text("python.functions.call", own=2)


def test_fields_are_filled_in_and_keys_translated() -> None:
    assert ENGLISH.text("errors.not_supported.what", robot="Lapin", block=Key("blocks.beep.name")) == 'Lapin cannot do the block "beep".'
    assert FRENCH.text("errors.not_supported.what", robot="Lapin") == "Lapin ne sait pas faire le bloc « … »."


def test_another_language_is_french() -> None:
    assert Words("pt").text("keys.right") == "droite"
    assert FRENCH.has("keys.right")
    assert not FRENCH.has("keys.middle")
    with pytest.raises(KeyError):
        ENGLISH.text("keys.middle")
