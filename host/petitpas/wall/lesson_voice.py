"""What is said in a lesson: the challenge, the name of what is tapped, a help, and how a run has ended."""

from __future__ import annotations

from petitpas.lessons import Lesson, Variant
from petitpas.voice.lines import challenge_of, sentences_of, success_of
from petitpas.wall.activity import Activity
from petitpas.wall.board import Status
from petitpas.wall.lesson_cues import card_that_came
from petitpas.wall.sounds import Sounds
from petitpas.wall.strip import LOOP, kind_of, number_of
from petitpas.wall.task import CONTROLS, Task

_ENDS = ("wall.over", "wall.blocked", "wall.stopped", "explain.reached", "wall.lesson.tell")
_HELPS = ("explain.where", "explain.path", "explain.card", "explain.end", "explain.together.say", "explain.together.try")


class LessonVoice:
    """Says what belongs to a variant of a lesson; the sentences that it may say are got ready at once."""

    def __init__(self, sounds: Sounds, lesson: Lesson, variant: Variant, task: Task) -> None:
        self._sounds = sounds
        self._variant = variant
        self._challenge, self._success = challenge_of(lesson, variant), success_of(lesson)
        own = sentences_of(lesson, variant)
        cards = {kind_of(card): None for card in (*task.commands, *task.deck, *task.given)}
        sounds.rehearse((*own, *(f"wall.{name}" for name in cards), *_ENDS, *_HELPS), own)

    def say_challenge(self, *, is_asked: bool = False) -> None:
        """Say what there is to do; `is_asked` by a tap."""
        if self._variant.challenge is not None:
            self._sounds.say(self._challenge, "bubble", is_asked=is_asked)

    def say_between(self, before: Activity, after: Activity, command: object = None) -> None:
        """Say what belongs between two states; `command` is what was tapped between them."""
        status = after.board.status
        if status is not before.board.status and before.board.is_running and status is not Status.READY:
            self._say_end(after)
        elif after.help is not None and after.help != before.help:
            self._sounds.say(after.help.say, "bubble", then=(after.help.tries,) if after.help.tries else (), is_asked=True)
        elif after.shows_mend and after.found is not None and not before.shows_mend:
            is_one = len(after.found.mends[0].edits) == 1
            self._sounds.say("wall.lesson.mend" if is_one else "wall.lesson.mends", "bubble", is_asked=True)
        elif after.cards != before.cards and len(after.cards) >= len(before.cards) and command != "undo":
            self._say_card(card_that_came(before, after))
        elif command in (*CONTROLS, "again") and command != "listen" and (after, status) != (before, before.board.status):
            self._sounds.say(f"wall.{command}", "tile")

    def _say_end(self, after: Activity) -> None:
        """Say how a run has ended: of a success what the child can say of it, and what there is to tell."""
        if not after.is_reached:
            self._sounds.say(f"wall.{after.board.status.value}", "pill")
            return
        is_past = after.found is not None and "cards" in after.found.verdict.past_limits
        reached = "explain.past_limits" if is_past else "explain.reached"
        fields = {"cards": self._variant.limits.cards}
        self._sounds.say(reached, "pill", then=(self._success, "wall.lesson.tell"), fields=fields)

    def _say_card(self, card: str) -> None:
        kind, number = kind_of(card), number_of(card)
        fields = {} if number is None else {"times" if kind == LOOP else "cells": number}
        self._sounds.say(f"wall.{kind}", "strip", fields=fields)
