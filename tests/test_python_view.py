"""The Python view: valid, readable, and the same actions in the same order as the program."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given

from petitpas.errors import ProgramError
from petitpas.program import Block, Program, from_compact, python_view
from petitpas.words import LANGUAGES, Words
from tests import reference
from tests.strategies import programs, typical_program

PLAIN = [block for block in Words().keys("python.functions") if not block.endswith((".call", ".start"))]


class Stopped(Exception):
    """Stands in for the end of the program."""


def play(text: str, lang: str) -> list[tuple[object, ...]]:
    """Run the view of a program without sensors and return what it does, under the blocks' own types."""
    done: list[tuple[object, ...]] = []
    words = Words(lang)
    colours = {words.text(key): key.rpartition(".")[2] for key in words.keys("python.colours")}

    def recorder(kind: str) -> object:
        def record(*values: object) -> None:
            done.append((kind, *(colours[value] if isinstance(value, str) else value for value in values)))
            if kind == "stop":
                raise Stopped

        return record

    names = {words.text(key): recorder(key.rpartition(".")[2]) for key in PLAIN}
    with suppress(Stopped):
        exec(compile(text, "view", "exec"), names)
    return done


@given(programs(max_blocks=30, terminating=True, single_task=True, sensors=False))
def test_the_view_does_what_the_program_means(program: Program) -> None:
    expected = reference.actions(program)
    for lang in LANGUAGES:
        assert play(python_view(program, lang), lang) == expected


@given(programs(max_blocks=40))
def test_every_view_is_python(program: Program) -> None:
    for lang in LANGUAGES:
        text = python_view(program, lang)
        compile(text, "view", "exec")
        assert "…" not in text
        assert all(line == line.rstrip() for line in text.split("\n"))


def test_a_program_that_go_starts_is_plain_statements() -> None:
    items = [["forward", 3], ["repeat", 4, ["right", ["light", "blue"], "forward"]], ["note", 69, 500], "wait"]
    assert python_view(from_compact(items, "Le carré")) == (
        "# Le carré\n"
        "\n"
        "avance(3)\n"
        "for _ in range(4):\n"
        "    tourne_a_droite()\n"
        '    allume("bleu")\n'
        "    avance(1)\n"
        "joue_note(69, 500)\n"
        "attends_ms(1000)\n"
    )


def test_english_on_request() -> None:
    view = python_view(from_compact([["repeat", 2, ["left"]], ["if", {"sensor": "bump", "is": "above"}, ["beep"]]]), "en")
    assert view == "for _ in range(2):\n    turn_left()\nif bumper_pressed():\n    beep()\n"


def test_sensors_read_as_questions() -> None:
    items = [
        ["forever", [["if", {"sensor": "distance", "value": 200}, ["stop"], [["if", {"sensor": "distance"}, []]]]]],
        ["wait_until", {"sensor": "key_left", "is": "above"}],
        ["wait_until", {"sensor": "light", "is": "below", "value": 300}],
        ["wait_until", {"sensor": "light", "is": "above", "value": 300}],
    ]
    assert python_view(from_compact(items)) == (
        "while True:\n"
        "    if distance_mm() < 200:\n"
        "        arrete()\n"
        "    else:\n"
        "        if obstacle():\n"
        "            pass\n"
        "while not bouton_gauche_appuye():\n"
        "    attends_ms(10)\n"
        "while clarte() >= 300:\n"
        "    attends_ms(10)\n"
        "while clarte() <= 300:\n"
        "    attends_ms(10)\n"
    )


def test_several_scripts_are_functions() -> None:
    scripts = [
        *(["when_go", [["call", 1]]], ["when_go", []], ["define", 1, ["beep"]]),
        *(["when_key", "forward", ["forward"]], ["when_message", 3, ["stop"]], ["when_obstacle", [["send", 3]]]),
    ]
    view = python_view(from_compact(scripts))
    assert view.startswith("def mon_bloc_1():\n    bip()\n\n\ndef quand_go():\n    mon_bloc_1()\n\n\ndef quand_go_2():\n    pass\n")
    assert view.endswith(
        "def quand_obstacle():\n    envoie(3)\n\n\ndemarre(quand_go, quand_go_2, quand_bouton_avancer, quand_message_3, quand_obstacle)\n"
    )


def test_own_blocks_stand_before_the_statements() -> None:
    view = python_view(from_compact([["when_go", [["call", 2]]], ["define", 2, []]]))
    assert view == "def mon_bloc_2():\n    pass\n\n\nmon_bloc_2()\n"


def test_a_title_is_a_comment_and_nothing_else() -> None:
    script = from_compact([]).scripts[0]
    assert isinstance(script, Block)
    with pytest.raises(ProgramError):
        python_view(Program((script,), "x\nimport os"))
    assert python_view(from_compact(["beep"], 'print("""')) == '# print("""\n\nbip()\n'


def test_the_empty_program_has_an_empty_view() -> None:
    assert python_view(from_compact([])).strip() == ""


MICROPYTHON_NAMES = """
def _named(kind):
    def say(*values):
        print(kind, *values)
    return say
"""


def test_views_run_on_micropython(micropython: Path, tmp_path: Path) -> None:
    square = from_compact(
        [["when_go", [["repeat", 4, [["forward", 2], ["call", 1]]], ["light", "pink"]]], ["define", 1, ["right", "beep"]]], "Été"
    )
    names = "".join(f"{Words().text(key)} = _named({key.rpartition('.')[2]!r})\n" for key in PLAIN)
    path = tmp_path / "view.py"
    path.write_text(MICROPYTHON_NAMES + names + python_view(square), encoding="utf-8")
    said = subprocess.run([micropython, path], capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert said.splitlines() == [" ".join(map(str, event)).replace("pink", "rose") for event in reference.actions(square)]


def test_micropython_reads_every_statement(micropython: Path, tmp_path: Path) -> None:
    looks = from_compact([["forever", [["if", {"sensor": "lift"}, ["stop"], ["until_obstacle"]]]], ["wait_until", {"sensor": "bump"}]])
    for number, program in enumerate([looks, typical_program()]):
        inside = "".join(f"    {line}\n" for line in python_view(program).splitlines())
        path = tmp_path / f"view{number}.py"
        path.write_text(f"def whole():\n{inside}    pass\nprint('read')\n", encoding="utf-8")
        assert subprocess.run([micropython, path], capture_output=True, text=True, check=True).stdout == "read\n"
