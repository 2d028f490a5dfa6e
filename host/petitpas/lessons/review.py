"""
A lesson held against all that a good one keeps, everything that is the matter at once: what `petitpas lesson check` says.

Two degrees: what is to be mended, and what is only to be completed. A lesson with nothing to mend can be played, printed and shared, even
where it is not whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from petitpas.errors import LessonError
from petitpas.lessons.fields import read_toml
from petitpas.lessons.judge import judge
from petitpas.lessons.lesson import Variant
from petitpas.lessons.lines import line_of, lines_of
from petitpas.lessons.load import read_file
from petitpas.lessons.manner import kept_words, said_well
from petitpas.lessons.programmes import Reference, all_references
from petitpas.lessons.proof import proved
from petitpas.lessons.salvage import salvage
from petitpas.lessons.scope import referred, within_level
from petitpas.lessons.whole import ABSENT, missing_in
from petitpas.words import LANGUAGE
from petitpas_sim.mat import cell_name

EXACT = "exact"
"""The kit of lessons for robots that roll; the rocket has no body."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is the matter with a lesson file: `where` are the keys that lead to it ("": the file), `line` is from 1."""

    code: str
    path: Path
    line: int
    where: str
    error: LessonError

    @property
    def is_to_mend(self) -> bool:
        """Say whether it is to be mended; else it is only to be completed."""
        return self.code != ABSENT

    def say(self, lang: str = LANGUAGE) -> str:
        """Return what is the matter and what to do, in one language."""
        return self.error.say(lang)


def review(path: Path, today: date, kits: Sequence[str] = ()) -> tuple[Finding, ...]:
    """
    Return all that is the matter with the lesson of a file, or of the folder that holds it, in the order of its lines.

    Args:
        today: the day on which the programmes that it refers to are to be in force.
        kits: those with a board on which the solutions are to end where they do on the exact one.
    Raises:
        FileError: it is not there, or this account may not read it.
        LessonError, FileError: programmes.toml is not right.
    """
    file, data = read_file(path)
    try:
        values = read_toml(data, file.name)
    except LessonError as error:
        line = error.fields.get("line")
        return (_finding(file, line if isinstance(line, int) else 1, "", error),)
    found = salvage(values, file)
    errors: list[LessonError] = [*found.errors, *kept_words(values)]
    if found.lesson is not None:
        lesson = found.lesson
        sound = [variant for variant in lesson.variants if variant.name not in found.damaged]
        errors += [*missing_in(lesson, sound), *said_well(lesson, sound)]
        errors += [*referred(lesson, today, _references(file)), *within_level(lesson, sound)]
        errors += [error for variant in sound for error in (*proved(lesson, variant), *_rolled(variant, kits))]
    lines = lines_of(data.decode("utf-8-sig"))
    findings = [_finding(file, line_of(lines, str(error.fields["where"])), str(error.fields["where"]), error) for error in errors]
    return tuple(sorted(findings, key=lambda finding: (finding.line, not finding.is_to_mend)))


def _finding(file: Path, line: int, where: str, error: LessonError) -> Finding:
    error.fields["path"] = file.name  # the line in front of the sentence has the whole of it
    return Finding(error.code, file, line, where, error)


def _rolled(variant: Variant, kits: Sequence[str]) -> Iterator[LessonError]:
    """Give an error for each kit on which a robot that rolls does not end as the exact one."""
    if not kits or any(robot.kit != EXACT for robot in variant.robots):
        return
    from petitpas.lessons.check import play  # with ports, which a lesson is read without

    programs = [robot.solution for robot in variant.robots]
    wanted = judge(variant, *programs).runs
    for kit in kits:
        for number, (run, other) in enumerate(zip(wanted, play(variant, programs, kit=kit), strict=True)):
            if (run.cell, run.how) != (other.cell, other.how):
                where = f"variants.{variant.name}" + (f".robots[{number}]" if number else "") + ".solution"
                yield LessonError("lesson_floor", where=where, kit=kit, cell=cell_name(other.cell), wanted=cell_name(run.cell))


def _references(file: Path) -> Mapping[str, Reference]:
    """Return what a lesson may refer to: the programmes beside its folder, else those that come with Petit Pas."""
    beside = file.resolve().parent.parent
    return all_references(beside if (beside / "programmes.toml").exists() else None)
