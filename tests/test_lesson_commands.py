"""`petitpas lesson`: what a teacher reads when she checks, lists, plays, begins and explains lessons, and makes their catalogue."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from petitpas import arguments, cli, robots
from petitpas.lessons import VARIANTS, all_lessons, load_lesson
from petitpas.lessons.catalogue import page_of
from petitpas.lessons.load import lessons_folder
from petitpas.lessons.metadata import LICENCE, describe
from petitpas.lessons.programmes import all_references, all_sequences
from petitpas.lessons.scope import badges
from petitpas.program.blocks import LEVELS
from petitpas.words import Words

FOLDER = lessons_folder()
LESSONS = all_lessons()
FRENCH = Words("fr")
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def nothing_plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "find_ports", list)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = cli.OK) -> str:
    """Return what `petitpas lesson` prints."""
    assert cli.main(["lesson", *arguments]) == status
    seen = capsys.readouterr()
    return seen.out + seen.err


# --- Check --------------------------------------------------------------------------------------------------------


def test_a_good_lesson_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(FOLDER / "gs4")
    assert said(capsys, "check", folder) == f"{folder}: bonne leçon : « Trois à cinq cartes », 3 variantes jouées.\n"


def test_a_folder_of_lessons_is_all_its_lessons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("gs4", "cp1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lesson.toml").write_bytes((FOLDER / name / "lesson.toml").read_bytes())
    lines = said(capsys, "check", str(tmp_path)).splitlines()
    assert [line.split(":")[0] for line in lines] == [str(tmp_path / "cp1"), str(tmp_path / "gs4")]


def test_what_is_to_be_mended_stands_on_its_line_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gs4" / "lesson.toml"
    file.parent.mkdir()
    text = (
        (FOLDER / "gs4" / "lesson.toml").read_text(encoding="utf-8").replace("session = 4\n", "").replace('"order" },', '"mirrored" },', 1)
    )
    file.write_text(text, encoding="utf-8")
    lines = said(capsys, "check", str(file), status=cli.ENDED_EARLY).splitlines()
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if '"mirrored" },' in row)
    assert lines[0].startswith(f"{file}:{line}: « variants.petit_pas.wrong[1].idea » annonce « mirrored »")
    assert lines[1] == f"{file}: à compléter : session."


def test_a_lesson_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "introuvable" in said(capsys, "check", "nowhere", status=cli.ENDED_EARLY)
    for name in ("gs9", "", "x" * 500, "a\0b"):
        assert "petitpas lesson list" in said(capsys, "run", name, status=cli.WRONG_INPUT)


def test_a_lesson_is_no_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(FOLDER / "gs4")]) == cli.ENDED_EARLY
    assert "petitpas lesson check" in capsys.readouterr().out


def test_kits_are_played_where_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "bonne leçon" in said(capsys, "check", str(FOLDER / "ce1-1"), "--kits")  # with the rocket, which has no kit to build


# --- List, run and explain ----------------------------------------------------------------------------------------


def test_lessons_are_listed_by_sequence(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "list", "--today", "2026-11-22")
    assert sorted(re.findall(r"^  (\S+) +\S.* \(\d+ min\)", text, flags=re.MULTILINE)) == sorted(lesson.id for lesson in LESSONS)
    assert all(sequence.title in text and sequence.question in text for sequence in all_sequences())


def test_badges_tell_what_is_beyond_the_programmes_and_what_comes(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row.split()[0]: row for row in said(capsys, "list", "--level", "CE2", "--today", "2026-11-22").splitlines()[2:]}
    assert set(rows) == {f"ce2-{n}" for n in range(1, 7)}
    assert rows["ce2-4"].endswith("[hors programme – enrichissement]")
    assert rows["ce2-1"].endswith("[à partir de 2027]")
    assert "[hors programme – enrichissement : grand pas]" in rows["ce2-6"]
    assert "2027" not in said(capsys, "list", "--today", "2027-09-01")
    assert badges(LESSONS[0], TODAY, all_references(), FRENCH) == ()


def test_a_lesson_is_played_with_its_solution(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "run", "gs4")
    for part in ("gs4 · Trois à cinq cartes (pas)", "« Va à l’école. Attention au rocher. »", "3. tourne à droite", "4 ▶", "Tu y es !"):
        assert part in text
    assert "You" not in text and "Go to school. Mind the rock." in said(capsys, "run", "gs4", "--lang", "en")


@pytest.mark.parametrize("name", [lesson.id for lesson in LESSONS])
def test_every_variant_is_played(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for variant in VARIANTS:
        assert "Tu y es !" in said(capsys, "run", name, "--variant", variant)


def test_past_a_limit_one_is_there_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "run", "gs4", "--program", "left right forward forward right forward forward")
    assert "Tu y es ! Et avec 5 cartes ?" in text
    text = said(capsys, "run", "gs4", "--variant", "petit_pas", "--program", "forward", status=cli.ENDED_EARLY)
    assert "(petit pas)" in text


def test_a_pupils_program_is_explained_where_card_idea_try(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "run", "gs4", "--program", "forward forward right forward", status=cli.ENDED_EARLY)
    assert text.splitlines()[-4:] == [
        "Le robot finit en B3. Le but : C3.",
        "C’est bien parti. Que manque-t-il ?",
        "Ce que cela montre : Tourner, c’est rester sur la même case.",
        "À essayer : Après le virage, fais avancer le robot.",
    ]
    assert "mettre" not in text  # no answer where none was asked for
    text = said(capsys, "explain", "gs4", "forward,forward,left,forward,forward", "--predicted", "C3", "--lang", "en")
    assert "Card 3, turn left" in text and 'in place of card 3, put "turn right"' in text
    text = said(capsys, "explain", "ce2-4", '[["repeat", 4, [["forward", 2]]]]')
    assert "mettre « répète 4 fois : avance de 2 cases, pivote d’un quart de tour à droite »" in text
    file = tmp_path / "program.json"
    blocks = [{"id": "a", "type": "forward"}, {"id": "b", "type": "forward"}]
    file.write_text(json.dumps({"petitpas": 1, "title": "", "scripts": [{"id": "go", "type": "when_go", "do": blocks}]}), encoding="utf-8")
    assert "Le robot finit en A3." in said(capsys, "explain", "gs4", str(file))


def test_the_program_before_is_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    kept = "forward forward forward forward right forward forward"
    assert "Des cartes d’avant" in said(capsys, "explain", "ce1-6", kept, "--previous", "forward forward")


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ('[["repeat", 2, ["forward"]], "right", ["forever", ["light"]]]', "lumière|couleur"),
        ('["forward", ["forever", [["light", "pink"]]]]', "ne se termine pas"),
        ("backward", "barre le chemin"),
        ("[" * 5000, "genre inconnu"),
        ("forward " * 200, "barre le chemin"),
        ("[]", "On regarde ensemble"),
    ],
)
def test_any_program_gets_a_sentence(program: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.WRONG_INPUT if told in ("lumière|couleur", "genre inconnu") else cli.OK
    assert re.search(told, said(capsys, "explain", "gs4", program, status=status))


def test_what_is_no_cell_and_no_day_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, told in ((["explain", "gs4", "forward", "--predicted", "3C"], "une case, comme B3"), (["list", "--today", "x"], "une date")):
        with pytest.raises(SystemExit) as caught:
            cli.main(["lesson", *wrong])
        assert caught.value.code == cli.WRONG_INPUT and told in capsys.readouterr().err


def test_levels_and_variants_are_those_of_lessons() -> None:
    assert (arguments.LEVELS, arguments.VARIANTS) == (LEVELS, VARIANTS)


# --- New ----------------------------------------------------------------------------------------------------------


def test_a_new_lesson_plays_and_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mes leçons" / "ma1"
    assert "lesson check" in said(capsys, "new", str(folder))
    text = (folder / "lesson.toml").read_text(encoding="utf-8")
    assert "se joue. À compléter : objective" in said(capsys, "check", str(folder))
    (folder / "lesson.toml").write_text(text + "# mine\n", encoding="utf-8")
    assert "existe déjà" in said(capsys, "new", str(folder), status=cli.WRONG_INPUT)
    assert (folder / "lesson.toml").read_text(encoding="utf-8").endswith("# mine\n")
    assert "Tu y es !" in said(capsys, "run", str(folder))


def test_a_template_that_is_filled_in_lacks_only_what_is_not_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (FOLDER / "template.toml").read_text(encoding="utf-8")
    (tmp_path / "lesson.toml").write_text(re.sub(r"^# (?=\[s|[a-z_]+ =)", "", text, flags=re.MULTILINE), encoding="utf-8")
    missing = said(capsys, "check", str(tmp_path)).partition("À compléter : ")[2]
    assert set(re.findall(r"[\w.]+\w", missing)) == {f"variants.{name}.challenge.en" for name in VARIANTS} | {
        "variants.petit_pas.wrong",
        "variants.grand_pas.wrong",
    }


# --- Catalogue ----------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page has: its open tags (which must be closed in order), ids, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.heads: list[int] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag != "meta":
            self.open.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.heads.append(int(tag[1]))
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values[key] or "" for key in ("href", "src") if key in values]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_catalogue_is_a_page_that_needs_no_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{len(LESSONS)} leçons" in said(capsys, "catalogue", str(tmp_path / "site"), "--today", "2026-11-22")
    text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == [] and len(set(page.ids)) == len(page.ids)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert not re.search(r"https?:|<script|url\(", text)
    assert '<html lang="fr">' in text and "@media print" in text
    assert page.heads[0] == 1 and all(after - before <= 1 for before, after in zip(page.heads, page.heads[1:], strict=False))
    for lesson in LESSONS:
        assert {lesson.id} <= set(page.ids) and lesson.title in page.text and lesson.objective in page.text
    assert "à partir de 2027" in page.text and "NOR MENE2608627A" in page.text


def test_the_page_escapes_what_it_shows() -> None:
    lesson = replace(LESSONS[0], title="<script> & co")
    text = page_of([lesson], all_sequences(), all_references(), TODAY, FRENCH)
    assert "&lt;script&gt; &amp; co" in text and "<script>" not in text
    assert text.count("<section") == 1


def test_the_metadata_describe_every_lesson_and_stay_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for day in ("2026-11-22", "2028-01-01"):
        said(capsys, "catalogue", str(tmp_path / day), "--today", day)
    first, second = ((tmp_path / day / "lessons.jsonld").read_bytes() for day in ("2026-11-22", "2028-01-01"))
    assert first == second
    graph = json.loads(first)["@graph"]
    assert [node["identifier"] for node in graph] == [lesson.id for lesson in LESSONS]
    for node, lesson in zip(graph, LESSONS, strict=True):
        assert node["@type"] == "LearningResource" and node["license"] == LICENCE and node["inLanguage"] == "fr"
        assert node["name"] == lesson.title and node["timeRequired"] == f"PT{lesson.duration_min}M"
        assert node["educationalLevel"] == [FRENCH.text(f"levels.{level}") for level in lesson.levels]
        nors = {all_references()[code].nor for code in lesson.references}
        purposes = {part["lom:purpose"] for part in node["lom:classification"]}
        assert {nor for nor in nors if nor in json.dumps(node)} == nors
        assert purposes == {"educational level", "educational objective", *(["discipline"] if nors else [])}


def test_a_lesson_that_is_not_whole_has_metadata_too(tmp_path: Path) -> None:
    node = describe([load_lesson(FOLDER / "template.toml")], (), {}, FRENCH)["@graph"]
    assert isinstance(node, list) and "timeRequired" not in node[0] and node[0]["name"]
