"""The command line's own words, in the language that is asked for, and what it says of files."""

from __future__ import annotations

import argparse
import inspect
import platform
import re
from pathlib import Path

import pytest

from petitpas import cli
from petitpas.parsing import spoken
from petitpas.words import Words
from petitpas_robot import VERSION

ROOT = Path(__file__).resolve().parent.parent
KEYS = Words().keys("cli.parser")


def test_the_english_words_are_those_of_argparse() -> None:
    source = inspect.getsource(argparse)
    assert [key for key in KEYS if repr(Words("en").text(key)) not in source] == []


def test_both_languages_leave_the_same_places() -> None:
    for key in KEYS:
        places = [re.findall(r"%(?:\(\w+\))?[rs]", Words(lang).text(key)) for lang in ("fr", "en")]
        assert sorted(places[0]) == sorted(places[1]), key


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out + told.err


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--help",), ("run", "--help"), ("check", "--help"), ("run",), ("stop", "more"), ("sim", "--tcp-port", "x")),
        *(
            ("sim", "--serve", "usb"),
            ("sim", "--robots"),
            ("check",),
            ("settings", "--show", "--reset"),
            ("run", "--s"),
            ("settings", "--show=1"),
        ),
    ],
    ids=" ".join,
)
def test_french_help_and_errors_have_no_english(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    status, french = said(capsys, *arguments)
    assert status == (0 if "--help" in arguments else cli.WRONG_INPUT)
    english = r"usage:|argument [-\w]+:|positional|required|expected|unrecognized|invalid|choose|allowed|ignored|ambiguous|error|show this"
    assert re.findall(english, french) == []
    assert french.startswith("utilisation : petitpas")
    assert re.findall(english, said(capsys, "--lang", "en", *arguments)[1])


def test_argparse_is_as_it_was_afterwards() -> None:
    before = argparse.ArgumentParser().format_help()
    with pytest.raises(KeyboardInterrupt), spoken(Words()):
        assert "utilisation" in argparse.ArgumentParser().format_help()
        raise KeyboardInterrupt
    assert argparse.ArgumentParser().format_help() == before


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version") == (0, f"Petit Pas {VERSION}, Python {platform.python_version()}\n")


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n"])
def test_an_empty_program_has_a_sentence_of_its_own(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vide.json"
    file.write_bytes(content)
    assert cli.main(["listing", str(file)]) == cli.WRONG_INPUT
    assert "Ce fichier est vide." in capsys.readouterr().err
