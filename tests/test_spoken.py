"""What pupils hear and read: short, never a word of blame, and everything that they tap or that is said has its line for the voice."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from everywhere import BRIGHT, Case, cases, lessons, lived, name_of, tapped, typical
from taught import Taught

from petitpas.lessons.manner import MAX_SENTENCES, MAX_WORDS, MAX_WORDS_YOUNG, NEVER, length_of
from petitpas.lessons.sheet import Sentence
from petitpas.voice.lines import challenge_of, line_of, sentences_of, text_of
from petitpas.wall.lesson_items import kind_shown
from petitpas.wall.pages.page import Room
from petitpas.wall.sounds import Sounds
from petitpas.wall.strip import kind_of
from petitpas.wall.task import CHOICE, task_of
from petitpas.words import LANGUAGES, Words
from petitpas_sim.view.scene import Label

SAID = ("explain", "voice", "wall.lesson", "wall.zero", "wall.invent")
"""Below these, words are for pupils."""

NEVER_SAID = {"fr": NEVER, "en": re.compile(r"\b(wrong|fail\w*|bad|lost|los\w+ your|mistakes?)\b", re.IGNORECASE)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_pupils_hear_is_short(lang: str) -> None:
    words = Words(lang)
    prompts = [words.text(key) for under in SAID for key in words.keys(under)]
    prompts += [text_of(line, lang, own) for own in own_sentences() for line in own if line.endswith("challenge")]
    long = [prompt for prompt in prompts if length_of(prompt) > (MAX_SENTENCES, 99) or length_of(prompt)[1] > MAX_WORDS_YOUNG]
    assert long == [] and len(prompts) > 100
    for lesson, _, _ in cases():
        most = MAX_WORDS_YOUNG if set(lesson.levels) & {"PS", "MS", "GS"} else MAX_WORDS
        assert lesson.success is not None and length_of(lesson.success.text(lang))[1] <= most, lesson.id


def own_sentences() -> Iterator[dict[str, Sentence]]:
    for lesson, variant, _ in cases():
        yield sentences_of(lesson, variant)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_of_blame_is_drawn_or_said_anywhere(lang: str) -> None:
    words, room = Words(lang), Room(*BRIGHT, Words(lang))
    said = [words.text(key) for under in ("wall", "print", "following", *SAID) for key in words.keys(under)]
    said += [sentence.text(lang) for own in own_sentences() for sentence in own.values()]
    for place in lived():
        place.shell.page.fit(room)
        said += [item.text for layer in place.shell.page.layers(frozenset()) for item in layer if isinstance(item, Label)]
    assert [text for text in said if NEVER_SAID[lang].search(text)] == []


class Heard(Sounds):
    """Sounds that remember each line that they were asked to say."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, dict[str, object]]] = []

    def say(
        self, name: str, twin: str = "", *, then: Sequence[str] = (), fields: Mapping[str, object] | None = None, is_asked: bool = False
    ) -> None:
        self.lines += [(name, dict(fields or {})), *((line, {}) for line in then)]
        super().say(name, twin, then=then, fields=fields, is_asked=is_asked)


@pytest.mark.parametrize("case", typical(), ids=name_of)
def test_every_tile_and_everything_that_is_said_has_a_line_for_the_voice(case: Case) -> None:
    lesson, variant, level = case
    sounds, own = Heard(), sentences_of(lesson, variant)
    for place in lessons(case, sounds=sounds):
        assert isinstance(place.shell, Taught)
        activity = place.shell.lesson_page.activity
        for spot in tapped(place.shell.page):
            name = str(spot.name)
            if isinstance(spot.name, str) and not name.startswith(CHOICE):
                sounds.lines.append((f"wall.{kind_shown(activity, name)}", {}))
    sounds.lines += [(f"wall.{kind_of(card)}", {}) for cards in task_of(variant, level).choices for card in cards]
    assert len(sounds.lines) > 10 and challenge_of(lesson, variant) in {name for name, _ in sounds.lines}
    for lang, (name, fields) in itertools.product(LANGUAGES, sounds.lines):
        assert text_of(line_of(name, level, **fields), lang, own, **fields).strip(), (name, lang)
