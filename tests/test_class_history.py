"""Any history of a class, closed or killed at any moment and opened again, beside a plain model of it."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from petitpas.classroom import OBSERVATIONS, RETRY_MS, Classroom, ClassState, Key, Settings, Store
from petitpas.classroom import commands as c
from petitpas.classroom.records import TITLES
from petitpas.classroom.store import FULL, Unkept
from tests.soaking import examples

DAY = date(2026, 11, 22)

cards = st.lists(st.sampled_from(["forward", "left", ["forward", 2], ["repeat", 3, ["right"]]]), max_size=6)
fruits = st.sampled_from(["", "pomme", "kiwi"])


class FillingStore(Store):
    """A store on a disk that is full now and then."""

    is_full = False

    def open(self) -> ClassState:
        if self.is_full:
            raise Unkept(FULL)
        return super().open()

    def keep(self, before: ClassState, after: ClassState, is_lasting: bool = False) -> None:
        if self.is_full:
            raise Unkept(FULL)
        super().keep(before, after, is_lasting)


class ClassMachine(RuleBasedStateMachine):
    """A class beside a plain model of it; closed, or killed, and opened again at any moment, on a disk that is full now and then."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.lives = self.now_ms = 0
        self.room = self.open()
        self.hand = ["", "", "", ""]  # level, fruit, lesson, variant
        self.settings: dict[str, object] = {}
        self.works: dict[tuple[str, ...], dict[str, object]] = {}
        self.mats: list[tuple[str, str]] = []  # whose, and its title
        self.running: tuple[tuple[str, ...], object, object] | None = None

    def open(self) -> Classroom:
        self.store = FillingStore(self.folder / str(self.lives))
        return Classroom(self.store, lambda: DAY)

    def work(self) -> dict[str, object]:
        return self.works.setdefault(tuple(self.hand[1:]), {"strip": [], "said": "", "note": "", "tries": []})

    @rule()
    def fill_the_disk(self) -> None:
        self.store.is_full = True

    @rule()
    def make_room(self) -> None:
        self.store.is_full = False
        for _ in range(2):
            self.now_ms += RETRY_MS
            self.room.step(self.now_ms)
        assert self.room.acknowledged == self.room.done

    @precondition(lambda self: self.room.acknowledged == self.room.done)
    @rule()
    def close(self) -> None:
        self.room.close()
        self.room = self.open()
        self.running = None

    @precondition(lambda self: self.room.acknowledged == self.room.done)
    @rule()
    def kill(self) -> None:
        folder = self.folder / str(self.lives)
        self.lives += 1
        shutil.copytree(folder, self.folder / str(self.lives))  # file and log as they are: nobody has said goodbye
        self.room.close()
        self.room = self.open()
        self.running = None

    @rule(level=st.sampled_from(["PS", "GS"]))
    def choose_level(self, level: str) -> None:
        self.room.do(c.ChooseLevel(level))
        self.hand[0] = level

    @rule(fruit=fruits)
    def choose_group(self, fruit: str) -> None:
        self.room.do(c.ChooseGroup(fruit))
        self.hand[1] = fruit

    @rule(lesson=st.sampled_from(["gs1", "gs2"]))
    def open_lesson(self, lesson: str) -> None:
        self.room.do(c.OpenLesson(lesson, "pas"))
        self.hand[2:] = [lesson, "pas"]

    @rule(percent=st.integers(0, 100), calm=st.booleans())
    def set_settings(self, percent: int, calm: bool) -> None:
        self.room.do(c.SetSetting("volume_percent", percent))
        self.room.do(c.SetSetting("is_calm", calm))
        self.settings |= {"volume_percent": percent, "is_calm": calm}

    @rule(strip=cards)
    def set_strip(self, strip: list[object]) -> None:
        self.room.do(c.SetStrip(strip))
        self.work()["strip"] = strip

    @rule(place=st.sampled_from(["", "B3", "B3N"]))
    def predict(self, place: str) -> None:
        self.room.do(c.Predict(place))
        self.work()["said"] = place

    @rule(how=st.sampled_from(["", *OBSERVATIONS]))
    def observe(self, how: str) -> None:
        self.room.do(c.Observe(how))
        self.work()["note"] = how

    @rule()
    def run_begins(self) -> None:
        self.room.do(c.RunBegan())
        work = self.works.get(tuple(self.hand[1:]), {"strip": [], "said": ""})
        self.running = (tuple(self.hand[1:]), work["strip"], work["said"])

    @precondition(lambda self: self.running is not None)
    @rule(reached=st.booleans())
    def run_ends(self, reached: bool) -> None:
        self.room.do(c.RunEnded("done", reached, "B3N"))
        key, strip, said = self.running
        work = self.works.setdefault(key, {"strip": [], "said": "", "note": "", "tries": []})
        work["said"] = ""
        work["tries"] = [*work["tries"], (strip, said, reached)]  # type: ignore[misc]
        self.running = None

    @rule(title=st.sampled_from(TITLES))
    def invent(self, title: str) -> None:
        self.room.do(c.Invent(title, "5x4", "A1N", "C3"))
        self.mats.append((self.hand[1], title))

    @precondition(lambda self: self.mats)
    @rule(place=st.integers(0, 99))
    def forget_mat(self, place: int) -> None:
        at = place % len(self.mats)
        self.room.do(c.ForgetInvention(self.room.snapshot.inventions[at].number))
        del self.mats[at]

    @rule(fruit=fruits)
    def forget_group(self, fruit: str) -> None:
        self.room.do(c.ForgetGroup(fruit))
        self.works = {key: work for key, work in self.works.items() if key[0] != fruit}
        self.mats = [mat for mat in self.mats if mat[0] != fruit]
        if self.running and self.running[0][0] == fruit:
            self.running = None

    @rule()
    def erase(self) -> None:
        self.room.do(c.Erase())
        self.hand, self.settings, self.works, self.mats, self.running = ["", "", "", ""], {}, {}, [], None

    @invariant()
    def it_is_what_the_model_is(self) -> None:
        state = self.room.snapshot
        assert state.trouble == ("" if self.room.acknowledged == self.room.done else FULL)
        assert [state.hand.level, *state.hand.key] == self.hand
        assert state.settings == Settings(**self.settings)  # type: ignore[arg-type]
        assert [(mat.fruit, mat.title) for mat in state.inventions] == self.mats
        assert state.works.keys() == self.works.keys()
        for key, work in self.works.items():
            kept = state.works[Key(*key)]
            assert json.loads(json.dumps(kept.strip)) == work["strip"]
            assert (kept.prediction, kept.observation.how if kept.observation else "") == (work["said"], work["note"])
            assert [(json.loads(json.dumps(made.program)), made.prediction, made.is_reached) for made in kept.tries] == work["tries"]

    def teardown(self) -> None:
        self.room.close()
        shutil.rmtree(self.folder)


ClassMachine.TestCase.settings = settings(max_examples=examples(25), stateful_step_count=30)
test_any_history = ClassMachine.TestCase


def test_what_is_forgotten_while_nothing_can_be_kept_does_not_come_back(tmp_path: Path) -> None:
    work = (c.SetStrip(["left"]), c.RunBegan(), c.RunEnded("done", True))
    store = FillingStore(tmp_path)
    room = Classroom(store, lambda: DAY)
    for command in (*work, *work, *work):
        room.do(command)
    store.is_full = True
    for command in (c.ForgetGroup(""), c.SetStrip(["right"]), *work[1:]):
        room.do(command)
    store.is_full = False
    room.step(0)
    room.step(RETRY_MS)
    room.close()
    assert room.acknowledged == room.done
    again = Classroom(Store(tmp_path))
    again.close()
    assert again.snapshot == room.snapshot
