"""The pages: their paths and links exist, their examples run, their words are those of the house."""

import ast
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from petitpas import cli, robots, serving
from petitpas.words import Words
from tests.test_words import NEVER

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("docs", "firmware", "host", "lessons", "simulator", "tests", "tools")
PAGES = sorted([*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ["Status", "Context", "Decision", "Consequences", "What we took from others"]
WORKFLOW = ROOT / "docs" / "ci" / "petitpas.yml"

HERE = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users)\b|[A-Z]:\\Users")
"""A path of somebody's own machine."""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def section(page: str, title: str) -> str:
    """Return what stands under a heading of a page, up to the next."""
    return re.split(r"^#+ ", text_of(ROOT / page).split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def rows(text: str) -> Iterator[list[str]]:
    """Give the cells of each row of a Markdown table, its head left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


# --- Links and words ---------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", without_code(text_of(page)), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    gone = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(text_of(page))):
        if re.match(r"https?://", link):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            gone.append(link)
    assert gone == []


@pytest.mark.parametrize("page", [*PAGES, WORKFLOW], ids=name_of)
def test_a_page_names_no_machine_and_no_word_that_never_appears(page: Path) -> None:
    assert HERE.findall(text_of(page)) == []
    assert NEVER.findall(text_of(page)) == []


def test_paths_of_a_machine_are_seen() -> None:
    assert HERE.search("see /tmp/x") and HERE.search("(/home/ada)") and not HERE.search("network/work, /dev/ttyACM0, a/tmp")


# --- ARCHITECTURE ------------------------------------------------------------------------------------------------


def tree() -> list[Path]:
    """Return the paths of the tree in ARCHITECTURE."""
    (block,) = re.findall(r"```text\n(.*?)```", section("ARCHITECTURE.md", "The tree"), flags=re.DOTALL)
    parents: list[Path] = [ROOT]
    paths = []
    for line in block.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        path = parents[depth] / name
        assert path.exists() and path.is_dir() == name.endswith("/"), line
        parents[depth + 1 :] = [path]
        paths.append(path)
    return paths


def test_the_tree_is_the_one_that_is_there() -> None:
    paths = tree()
    assert len(paths) == len(set(paths)) > 50
    code = {path.parent for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}
    named = set(paths)
    assert {name_of(folder) for folder in code - named} == set()


def test_a_folder_whose_modules_are_named_has_no_others() -> None:
    paths = tree()
    for folder in {path.parent for path in paths if path.suffix == ".py"} - {ROOT}:
        named = {path.name for path in paths if path.parent == folder and path.suffix == ".py"}
        assert {path.name for path in folder.glob("*.py")} - {"__init__.py"} == named, name_of(folder)


def defined(path: Path) -> set[str]:
    """Return the functions, classes and methods of a module: `name`, `Class.method`."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = set()
    for node in ast.parse(text_of(path)).body:
        if isinstance(node, kinds):
            names.add(node.name)
            names |= {f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, kinds)}
    return names


def test_the_reading_path_leads_from_name_to_name() -> None:
    stations = list(rows(section("ARCHITECTURE.md", "A reading path")))
    assert len(stations) > 10
    for _, files, names in stations:
        known = set().union(*(defined(ROOT / link) for link in re.findall(r"\]\((\S+?)\)", files)))
        assert set(re.findall(r"`(\S+)`", names)) <= known, files


# --- README ------------------------------------------------------------------------------------------------------


COMMANDS = [(command.strip("`"), int(status)) for command, _, status in rows(section("README.md", "The command"))]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that README's examples name, no robot plugged in, and somebody who presses Enter, then Ctrl-C."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    shutil.copytree(ROOT / "lessons" / "gs4", tmp_path / "lessons" / "gs4")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(robots, "find_ports", list)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 100))

    class Interrupted:
        def wait(self, timeout: float | None = None) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(serving, "threading", SimpleNamespace(Event=Interrupted))
    return tmp_path


@pytest.mark.parametrize(("command", "status"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_ends_with_the_status_that_readme_says(command: str, status: int, desk: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "petitpas"
    assert cli.main(arguments) == status
    if "--trace" in arguments:
        assert " lapin finished " in (desk / "carre.trace").read_text(encoding="utf-8")


OWN = {"test": "", "soak": "tools/soak.py", "pack": "tools/pack.py"}
"""What go.py does besides the commands of `petitpas`, and the tool that takes the rest of the line."""


def typed(page: Path) -> list[list[str]]:
    """Return what a page tells people to type after go.py."""
    found = re.findall(r"(?:`|^)python3 go\.py ([^`\n]+)", text_of(page), flags=re.MULTILINE)
    return [shlex.split(command) for command in found if command != "ARGS…"]


@pytest.mark.parametrize("page", [page for page in PAGES if typed(page)], ids=name_of)
def test_what_a_page_tells_to_type_is_understood(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, *rest in typed(page):
        if name in OWN:
            assert f'["{name}"]' in text_of(ROOT / "go.py")
            assert all(f'"{word}"' in text_of(ROOT / OWN[name]) for word in rest if word.startswith("--"))
            continue
        try:
            cli._parser(Words()).parse_args([name, *rest])
        except SystemExit as done:
            assert done.code == 0, capsys.readouterr().err


def test_readme_shows_every_command_and_every_status() -> None:
    assert {shlex.split(command)[1] for command, _ in COMMANDS} == set(cli.COMMANDS)
    assert {status for _, status in COMMANDS} == {cli.OK, cli.ENDED_EARLY, cli.WRONG_INPUT, cli.ROBOT_TROUBLE, cli.INTERRUPTED}


def test_readme_opens_with_a_film_and_a_few_lines_of_french_and_shows_pictures() -> None:
    text = text_of(ROOT / "README.md")
    title, film, opening, _ = text.split("\n\n", 3)
    assert title == "# Petit Pas" and film.startswith("![") and "docs/pictures/wall.gif" in film
    assert opening.startswith("Petit Pas permet aux enfants") and len(opening.splitlines()) <= 8
    assert len(re.findall(r"^!\[.+\]\(docs/pictures/[\w.-]+\)$", text, flags=re.MULTILINE)) >= 3


def example() -> str:
    """Return README's test file."""
    (found,) = re.findall(r"```python\n(.*?)```", text_of(ROOT / "README.md"), flags=re.DOTALL)
    return str(found)


def test_readmes_own_test_passes_with_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_programs.py").write_text(example(), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
    shutil.copy(ROOT / "docs" / "examples" / "carre.json", tmp_path)
    is_registered = any(entry.value == "petitpas.pytest_plugin" for entry in metadata.entry_points(group="pytest11"))
    plugin = [] if is_registered else ["-p", "petitpas.pytest_plugin"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    environment["PYTHONPATH"] = os.pathsep.join(str(ROOT / folder) for folder in ("firmware", "host", "simulator"))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{example().count('def test_')} passed" in done.stdout


# --- The workflow, the changelog, the decisions ------------------------------------------------------------------


def test_the_workflow_installs_the_wheel_and_runs_pytest() -> None:
    text = text_of(WORKFLOW)
    assert re.findall(r"^ +run: (.+)$", text, flags=re.MULTILINE) == [
        "python -m pip install pytest wheels/petitpas-*.whl",
        "python -m pytest",
    ]
    make = "python -m pip wheel --no-deps -w wheels PATH"
    assert make in text and make in text_of(ROOT / "README.md")
    versions = re.findall(r'"(3\.\d+)"', text)
    project = text_of(ROOT / "pyproject.toml")
    assert versions and all(f"Programming Language :: Python :: {version}" in project for version in versions)


def test_the_workflow_is_yaml() -> None:
    text = text_of(WORKFLOW)
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"( {2})*(- )?[\w-]+:( \S.*)?", line)] == []
    if importlib.util.find_spec("yaml"):
        yaml = importlib.import_module("yaml")
        (job,) = yaml.safe_load(text)["jobs"].values()
        assert [sorted(set(step) & {"uses", "run"}) for step in job["steps"]] == [["uses"], ["uses"], ["run"], ["run"]]


def test_the_changelog_has_a_place_for_what_comes() -> None:
    kinds = "Added|Changed|Deprecated|Removed|Fixed|Security"
    assert re.search(rf"^## \[Unreleased\]\n\n### ({kinds})\n\n\* ", text_of(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)


def test_the_decisions_are_numbered() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_a_decision_is_one_page_of_the_same_shape(page: Path) -> None:
    text = text_of(page)
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == PARTS
    assert len(text.splitlines()) <= 40
