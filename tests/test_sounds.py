"""What is heard at the wall: at a level for children, never without its twin on the screen, and never in the way of a tap."""

from collections.abc import Callable

import pytest
from fake_driver import FakeDriver
from heard import FakeSpeaker
from hypothesis import given
from hypothesis import strategies as st
from shown import Shown, later

from petitpas.program.blocks import BLOCKS, LEVELS
from petitpas.wall.board import CARDS, MAX_CARDS
from petitpas.wall.cues import sound_between
from petitpas.wall.shell import NOTICE_MS
from petitpas.wall.sounds import CARD_PITCHES, LINES, SONG_MS, SONGS, SOUNDS, TWINS, NoVoice, Sounds, gain
from petitpas.wall.synth import PEAK, RATE_HZ, RMS, Note, length_ms, loudest_rms, pitch_of, samples
from petitpas.words import LANGUAGES, Words
from petitpas_sim.mat import Mat, Place
from petitpas_sim.snapshot import Snapshot
from petitpas_sim.view.scene import Art, Box, Label

MS = RATE_HZ // 1000


class NamedSounds(Sounds):
    """Remembers the names of what is played."""

    def __init__(self) -> None:
        self.voice = NoVoice()
        self.speaker = FakeSpeaker()
        super().__init__(speaker=self.speaker, voice=self.voice)
        self.names: list[str] = []

    def play(self, name: str) -> None:
        self.names.append(name)
        super().play(name)

    def tone(self, hz: int) -> None:
        self.names.append(f"{hz} Hz")
        super().tone(hz)


# --- Samples ---


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_short_humane_and_without_clicks(name: str) -> None:
    sound = SOUNDS[name]
    values = samples(sound.score)
    assert len(values) == RATE_HZ * length_ms(sound.score) // 1000
    assert length_ms(sound.score) <= (SONG_MS if name in SONGS.values() else 500)
    assert all(note.ms < 600 for note in sound.score)
    peak = max(map(abs, values))
    assert peak <= PEAK * 32767 and loudest_rms(values) <= RMS * 32767 + 1
    assert peak == pytest.approx(PEAK * 32767, rel=0.01) or loudest_rms(values) == pytest.approx(RMS * 32767, rel=0.01)
    assert values[0] == values[-1] == 0
    assert max(map(abs, values[:MS])) < 0.3 * peak and max(map(abs, values[-2 * MS :])) < 0.02 * peak
    assert 0.4 <= sound.level <= 1


def test_a_note_has_its_pitch() -> None:
    values = samples((Note(0, 69, 400),))
    rises = [place for place in range(len(values) // 4, len(values) // 2) if values[place - 1] < 0 <= values[place]]
    assert RATE_HZ * (len(rises) - 1) / (rises[-1] - rises[0]) == pytest.approx(440, rel=0.01)
    assert pitch_of(880) == 81


def test_samples_are_the_same_every_time() -> None:
    once = {name: samples(sound.score).tobytes() for name, sound in SOUNDS.items()}
    samples.cache_clear()
    assert once == {name: samples(sound.score).tobytes() for name, sound in SOUNDS.items()}


def test_every_card_has_its_own_sound() -> None:
    assert set(CARD_PITCHES) == {row.type for row in BLOCKS.values() if row.kind != "head"}
    assert len({sound.score for name, sound in SOUNDS.items() if name.startswith("card.")}) == len(CARD_PITCHES)
    assert len({sound.score for sound in SOUNDS.values()}) == len(SOUNDS)


def test_half_the_volume_is_half_as_loud_and_none_is_silence() -> None:
    gains = [gain(volume) for volume in range(101)]
    assert gains[0] == 0 and gains[1] > 0 and gains[100] == 1 and gains == sorted(gains)
    assert (gain(50) ** 0.6, gain(25) ** 0.6) == pytest.approx((0.5, 0.25), rel=0.01)
    assert gain(-5) == 0 and gain(300) == 1


# --- The teacher's hand ---


def test_mute_and_no_volume_hand_nothing_to_the_card() -> None:
    speaker = FakeSpeaker()
    for sounds in (Sounds(100, True, speaker), Sounds(0, False, speaker)):
        for name in SOUNDS:
            sounds.play(name)
        sounds.tone(1000)
    assert speaker.played == []


def test_mute_ends_what_is_heard_and_the_voice_too() -> None:
    speaker, voice = FakeSpeaker(), NoVoice()
    sounds = Sounds(100, speaker=speaker, voice=voice)
    sounds.play("success")
    sounds.is_mute = True
    sounds.say("wall.done")
    assert speaker.calls == ["quiet"] and voice.last is None
    sounds.is_mute = False
    sounds.say("wall.done")
    assert voice.last.names == ("wall.done",)
    sounds.say("wall.title", "bubble")
    assert voice.last.names == ("wall.title",)
    for line in (("wall.title",), ("wall.title", "nothing that is seen")):
        with pytest.raises(KeyError):
            sounds.say(*line)


def test_a_level_has_its_song() -> None:
    heard = {}
    for level in LEVELS:
        speaker = FakeSpeaker()
        Sounds(100, speaker=speaker, level=level).play("success")
        heard[level] = speaker.played[0][0]
    assert [len(set(map(len, heard.values()))), heard["PS"] == heard["GS"], heard["CE1"] == heard["CE2"]] == [3, True, True]


def test_a_robots_tone_is_short_and_never_shrill() -> None:
    speaker = FakeSpeaker()
    sounds = Sounds(speaker=speaker)
    for hz in (31, 440, 8000):
        sounds.tone(hz)
    (low,), (middle,), (high,) = (score for score, _ in speaker.played)
    assert low.pitch == pitch_of(110) and middle.pitch == 69 and high.pitch == pitch_of(2100)
    assert max(low.ms, middle.ms, high.ms) < 500


# --- Twins ---


def wall(mat: Mat | None = None, goals: tuple[tuple[int, int], ...] = ()) -> tuple[Shown, NamedSounds, FakeDriver]:
    driver, sounds = FakeDriver(mat or Mat(4, 4), Place(0, 0)), NamedSounds()
    shown = Shown(driver, goals=goals, is_calm=True, sounds=sounds)
    shown.step(10_000)
    return shown, sounds, driver


def play(shown: Shown, *cards: str) -> None:
    for command in (*cards, "go"):
        shown.command(command)
    while shown.board.is_running:
        later(shown)


def items(shown: Shown) -> list[object]:
    return [item for layer in shown.layers() for item in layer]


def boxes(shown: Shown, **fields: str) -> bool:
    return any(isinstance(item, Box) and all(getattr(item, name) == value for name, value in fields.items()) for item in items(shown))


SEEN: dict[str, Callable[[Shown], object]] = {
    "strip": lambda shown: len(shown.board.cards),
    "cell": lambda shown: [(robot.x_mm, robot.y_mm, robot.heading_deg, robot.is_lifted) for robot in shown.board_page.snapshot.robots],
    "rim": lambda shown: boxes(shown, edge="plum"),
    "octagon": lambda shown: (
        shown.board.is_running and sum(isinstance(item, Art) and item.y == shown.layout.go.centre[1] for item in items(shown))
    ),
    "running": lambda shown: boxes(shown, fill="sun") and shown.board.lit,
    "bump": lambda shown: bool(shown.decor.bumps) and boxes(shown, fill="plum"),
    "pill": lambda shown: shown.board.status,
    "waves": lambda shown: any(robot.tone_hz for robot in shown.board_page.snapshot.robots),
}
TO_COME = {"help", "freeze", "count"}
"""Sounds whose screens are not there yet."""


def test_every_sound_and_line_names_a_twin() -> None:
    assert {sound.twin for sound in SOUNDS.values()} | {"waves", "bubble", "tile"} == set(TWINS)
    assert set(LINES.values()) <= set(TWINS)
    assert all(Words(lang).has(line) for line in LINES for lang in LANGUAGES)
    assert {sound.twin for name, sound in SOUNDS.items() if name not in TO_COME} | {"waves"} == set(SEEN)


def test_each_sound_comes_with_its_twin() -> None:
    shown, sounds, _ = wall(Mat.parse("3x3", ["A3"]), goals=((0, 1),))
    heard = {}

    def told(command: str | int) -> None:
        before = len(sounds.names), {name: see(shown) for name, see in SEEN.items()}
        shown.command(command) if command != "step" else later(shown)
        for name in sounds.names[before[0] :]:
            twin = SOUNDS[SONGS["GS"] if name == "success" else name].twin
            assert SEEN[twin](shown) != before[1][twin], name
            heard[name] = twin

    def run() -> None:
        told("go")
        while shown.board.is_running:
            told("step")

    told("go")
    for command in (*CARDS, 0, 0):
        told(command)
    run()
    for command in ("clear", "forward"):
        told(command)
    run()
    told("forward")
    run()
    told("go")
    told("stop")
    assert set(heard) == {"refused", "remove", "go", "roll", "turn", "stop", "elsewhere", "success", "bump"} | {
        f"card.{card}" for card in CARDS
    }
    assert sounds.voice.last.names == ("wall.stopped",)


@given(st.lists(st.sampled_from([*CARDS, "go", "stop", "clear", "undo", "step", 0, 1]), max_size=25))
def test_nothing_is_heard_that_is_not_seen(commands: list[str | int]) -> None:
    shown, sounds, _ = wall(Mat(2, 2), goals=((0, 1),))
    for command in commands:
        before, heard = shown.layers(), len(sounds.names)
        if command == "step":
            later(shown)
        else:
            shown.command(command)
        assert len(sounds.names) - heard <= 1
        assert heard == len(sounds.names) or shown.layers() != before or (sounds.names[-1] == "refused" and SEEN["rim"](shown))


def test_the_full_strip_says_no_like_its_rim() -> None:
    shown, sounds, _ = wall()
    for _ in range(MAX_CARDS + 1):
        shown.command("left")
    assert sounds.names[-1] == "refused" and SEEN["rim"](shown)


def test_a_run_is_heard_from_go_to_its_song() -> None:
    shown, sounds, _ = wall(goals=((0, 1),))
    play(shown, "left", "right", "forward")
    assert sounds.names == ["card.left", "card.right", "card.forward", "go", "turn", "turn", "roll", "success"]
    assert sounds.voice.last.names == ("wall.done",)


def test_a_robot_that_beeps_is_heard_once_a_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, sounds, driver = wall()
    plain = driver.snapshot()

    def beeping(hz: int) -> Snapshot:
        fields = {name: getattr(plain.robots[0], name) for name in plain.robots[0].__slots__}
        return Snapshot(0, plain.mat, (type(plain.robots[0])(**fields | {"tone_hz": hz}),))

    before = shown.layers()
    for hz in (0, 880, 880, 0, 880, 440, 0):
        monkeypatch.setattr(driver, "snapshot", lambda hz=hz: beeping(hz))
        later(shown)
        assert (shown.layers() != before) is (hz > 0)
    assert sounds.names == ["880 Hz", "880 Hz", "440 Hz"]


def test_no_sound_between_two_states_that_are_the_same() -> None:
    shown, _, _ = wall()
    assert sound_between(shown.board, shown.board) is None


# --- Without a card ---


def test_the_wall_says_for_a_while_that_there_is_no_sound() -> None:
    shown, sounds, _ = wall()
    seen = []
    for past_ms in (0, 1000, NOTICE_MS + 1000):
        sounds.speaker.is_missing = past_ms > 0
        shown.step(20_000 + past_ms)
        seen.append(" ".join(item.text for item in items(shown) if isinstance(item, Label)))
    assert ["ordinateur" in text for text in seen] == [False, True, False]
