"""Pictures and films of runs, and sessions that are recorded and replayed."""

import errno
import io
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pictures
from petitpas import cli, demo
from petitpas.classroom.records import Settings
from petitpas.errors import FileError
from petitpas.lessons import Variant, load_lesson
from petitpas.lessons.goals import Goal
from petitpas.lessons.lesson import RobotSetup
from petitpas.lessons.load import lessons_folder
from petitpas.program import from_compact
from petitpas.wall.app import run_app
from petitpas.wall.capture import LIMIT_MS, film_run
from petitpas.wall.film import END_MS, FRAME_MS, MOST_FRAMES, MOST_PX, Film
from petitpas.wall.gif import Shot, gif
from petitpas.wall.replay import film_session, opened, replay
from petitpas.wall.session import Recorder, Session, Setting, read_session
from petitpas.wall.window import View
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Frame

SQUARE = Path(__file__).resolve().parent.parent / "docs" / "examples" / "carre.json"
CALM = Settings(is_calm=True)
SETTING = Setting((640, 480), mat="4x4", rocks=("A3",), goals=("B2",), settings=CALM, seed=7)


def shown(data: bytes) -> list[tuple[pygame.Surface, float]]:
    """Return the frames of a GIF, as another library reads it, with their milliseconds."""
    return pygame.image.load_animation(io.BytesIO(data), "film.gif")


def variant(*cards: object, mat: Mat | None = None) -> Variant:
    setup = RobotSetup("lapin", "exact", Place(0, 0), Goal("trace"), from_compact(list(cards)))
    return Variant("pas", mat or Mat(2, 2), (setup,))


# --- GIF files ---

sizes = st.integers(1, 12)


@st.composite
def films(draw: st.DrawFn) -> tuple[int, int, list[Shot]]:
    width, height, colours = draw(sizes), draw(sizes), draw(st.integers(1, 255))
    palette = [bytes((number, 255 - number, number // 2, 0)) for number in range(colours)]
    chance = random.Random(draw(st.integers(0, 999)))
    shots = []
    for place in range(draw(st.integers(1, 4))):
        left, top = (chance.randrange(width), chance.randrange(height)) if place else (0, 0)
        frame = Frame(left, top, chance.randint(1, width - left) if place else width, chance.randint(1, height - top) if place else height)
        shots.append(Shot(frame, b"".join(chance.choices(palette, k=frame.width * frame.height)), 20 * (place + 1)))
    return width, height, shots


@settings(max_examples=60)
@given(films())
def test_a_film_is_read_back_as_it_was_shot(film: tuple[int, int, list[Shot]]) -> None:
    width, height, shots = film
    canvas = pygame.Surface((width, height))
    frames = shown(gif(width, height, shots))
    assert [ms for _, ms in frames] == [shot.ms for shot in shots]
    for (picture, _), shot in zip(frames, shots, strict=True):
        frame = shot.frame
        canvas.blit(pygame.image.frombytes(shot.pixels, (frame.width, frame.height), "RGBX"), (frame.left, frame.top))
        assert pygame.image.tobytes(picture, "RGB") == pygame.image.tobytes(canvas, "RGB")


def test_long_and_noisy_data_fills_and_empties_the_codes() -> None:
    chance = random.Random(1)
    pixels = b"".join(bytes((chance.randrange(8) * 30, 0, 0, 0)) for _ in range(200 * 200))
    ((picture, _),) = shown(gif(200, 200, [Shot(Frame(0, 0, 200, 200), pixels, 100)]))
    assert pygame.image.tobytes(picture, "RGBA") == b"".join(pixels[at : at + 3] + b"\xff" for at in range(0, len(pixels), 4))


def test_more_colours_than_fit_become_the_nearest() -> None:
    pixels = b"".join(bytes((red, green, 0, 0)) for red in range(0, 256, 4) for green in range(0, 256, 4))
    ((picture, _),) = shown(gif(64, 64, [Shot(Frame(0, 0, 64, 64), pixels, 100)]))
    seen = pygame.image.tobytes(picture, "RGBX")
    off = [abs(a - b) for a, b in zip(pixels, seen, strict=True)]
    assert max(off[0::4] + off[1::4]) < 40


# --- Runs ---


def test_a_film_shows_the_way_and_is_the_same_every_time() -> None:
    once, again = (film_run(variant("forward", "right")).gif() for _ in range(2))
    assert once == again
    frames = shown(once)
    assert len(frames) > 20 and sum(ms for _, ms in frames) > END_MS
    first, last = frames[0][0], frames[-1][0]
    size = first.get_size()
    robots = []
    for picture in (first, last):
        dark = pygame.mask.from_threshold(picture, rgb("ink"), (30, 30, 30, 255))
        robots.append(dark.centroid()[1])
    assert robots[1] < robots[0] - size[1] / 20


def test_a_picture_shows_the_end_and_what_was_in_the_way() -> None:
    film = film_run(variant("forward", "forward", mat=Mat.parse("2x3", ["A3"])), most_frames=1)
    end = pygame.image.load(io.BytesIO(film.png()), "end.png")
    clean = pygame.image.load(io.BytesIO(film_run(variant("forward", mat=Mat.parse("2x3", ["A3"])), most_frames=1).png()), "end.png")
    assert end.get_size() == clean.get_size()
    assert pygame.image.tobytes(end, "RGB") != pygame.image.tobytes(clean, "RGB")


def test_what_lies_on_a_lessons_mat_is_in_its_picture() -> None:
    lesson = load_lesson(lessons_folder() / "cp3").variant("grand_pas")
    bare = replace(lesson, landmarks={})
    with_things, without = (pygame.image.load(io.BytesIO(film_run(one, most_frames=1).png()), "end.png") for one in (lesson, bare))
    assert pygame.image.tobytes(with_things, "RGB") != pygame.image.tobytes(without, "RGB")


def test_the_robots_of_a_lesson_play_together() -> None:
    lesson = load_lesson(lessons_folder() / "ce1-6")
    pas = lesson.variant("pas")
    assert len(pas.robots) == 2 and film_run(pas, most_frames=1).png() != film_run(pas, from_compact(["wait"]), most_frames=1).png()


def test_what_never_ends_is_shown_for_a_minute_and_stays_small() -> None:
    film = film_run(variant(["forever", ["right"]]))
    data = film.gif()
    frames = shown(data)
    assert len(frames) <= MOST_FRAMES + 2 and LIMIT_MS <= sum(ms for _, ms in frames) <= LIMIT_MS + END_MS + 1000
    assert len(data) < 3_000_000


def test_a_big_surface_makes_a_film_that_is_not_too_big() -> None:
    film, surface = Film((3000, 1500)), pygame.Surface((3000, 1500))
    film.take(surface, [], FRAME_MS)
    surface.fill("white", (2900, 1400, 100, 100))
    film.take(surface, [pygame.Rect(2900, 1400, 100, 100)], FRAME_MS)
    film.take(surface, [], FRAME_MS)
    (before, first_ms), (after, last_ms) = shown(film.gif())
    assert after.get_size() == (MOST_PX, MOST_PX // 2) and (first_ms, last_ms) == (FRAME_MS, END_MS)
    assert before.get_at((MOST_PX - 5, MOST_PX // 2 - 5))[:3] == (0, 0, 0)
    assert after.get_at((MOST_PX - 5, MOST_PX // 2 - 5))[0] > 250


# --- Sessions ---


def act(setting: Setting, commands: Sequence[tuple[int, Any]]) -> tuple[str, bytes, list[object]]:
    """Do what a hand would, after so many milliseconds each; return the recording, the last pixels and the states of the board."""
    out, boards = io.StringIO(), []
    recorder = Recorder(out, setting)
    with opened(setting) as on:
        start = Session(setting, ())
        replay(start, on)
        now_ms = 0
        recorder.stepped(setting.size, now_ms)
        for wait_ms, command in commands:
            for later_ms in [*range(now_ms + 20, now_ms + wait_ms, 20), now_ms + wait_ms]:
                if later_ms > now_ms:
                    on.worlds.run_to(later_ms)
                    on.shell.step(later_ms)
            now_ms += wait_ms
            for event in events_of(command, on.shell):
                recorder.took(event, now_ms)
                on.shell.handle(event)
            boards.append(on.shell.page.board)
        recorder.stepped(setting.size, now_ms)
        recorder.ended()
        return out.getvalue(), pixels_of(on.shell), boards


def events_of(command: Any, shell: Any) -> list[pygame.event.Event]:
    if isinstance(command, int):
        return [pygame.event.Event(pygame.KEYDOWN, key=command, mod=0, unicode="")]
    if isinstance(command, tuple):
        at, touch = {"x": command[0] / 640, "y": command[1] / 480}, {"touch_id": 2, "finger_id": 5}
        return [pygame.event.Event(kind, **at, **touch) for kind in (pygame.FINGERDOWN, pygame.FINGERUP)]
    middle = next((spot.frame.centre for spot in shell.spots() if spot.name == command), (5, 5))
    return [
        pygame.event.Event(kind, pos=middle, button=1, touch=False)
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP)
    ]


def pixels_of(shell: Any) -> bytes:
    surface = pygame.Surface(shell.size)
    shell.resize(shell.size)
    shell.paint(surface)
    return pygame.image.tobytes(surface, "RGB")


def replayed(text: str) -> tuple[bytes, list[object]]:
    session = read_session(text.encode(), Path("session.jsonl"))
    boards: list[object] = []
    with opened(session.setting) as on:
        replay(session, on, lambda ms: boards.append(on.shell.page.board))
        return pixels_of(on.shell), boards


RUN = [
    *((300, "forward"), (470, "right"), (90, "forward"), (333, "go"), (2511, "stop")),
    *((700, pygame.K_BACKSPACE), (50, "go"), (9000, pygame.K_F1)),
]


def test_a_session_is_replayed_to_the_pixel() -> None:
    text, pixels, boards = act(SETTING, RUN)
    again, states = replayed(text)
    assert again == pixels
    assert list(dict.fromkeys(boards)) == [state for state in dict.fromkeys(states) if state in boards]
    assert len(set(states)) > 6 and act(SETTING, RUN)[0] == text


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_whatever_a_monkey_does_is_replayed_to_the_pixel(seed: int) -> None:
    chance = random.Random(seed)
    anything = ["forward", "left", "go", "stop", "clear", pygame.K_UP, pygame.K_RETURN, pygame.K_DELETE]

    def command() -> object:
        return (chance.randrange(640), chance.randrange(300, 480)) if chance.random() < 0.3 else chance.choice(anything)

    commands = [(chance.randrange(1, 900), command()) for _ in range(20)]
    text, pixels, _ = act(Setting((640, 480), mat="4x4", settings=CALM, seed=seed), commands)
    assert replayed(text)[0] == pixels


def test_a_session_of_a_lesson_and_one_from_home_are_opened() -> None:
    for setting in (Setting((640, 480), lesson="gs4/pas"), Setting((640, 480))):
        with opened(setting) as on:
            replay(Session(setting, ()), on)
            assert pixels_of(on.shell)


def test_a_session_is_filmed_whole() -> None:
    text, _, _ = act(SETTING, RUN)
    session = read_session(text.encode(), Path("session.jsonl"))
    frames = shown(film_session(session).gif())
    assert frames[0][0].get_size() == (640, 480)
    assert session.length_ms <= sum(ms for _, ms in frames) <= session.length_ms + END_MS + 10 * FRAME_MS


def test_a_window_of_another_size_is_filmed_in_the_first() -> None:
    text, _, _ = act(SETTING, RUN[:2])
    lines = text.splitlines()
    lines.insert(-1, json.dumps({"ms": 770, "event": "SIZE", "size": [800, 500]}))
    film = film_session(read_session("\n".join(lines).encode() + b"\n", Path("session.jsonl")))
    assert {picture.get_size() for picture, _ in shown(film.gif())} == {(640, 480)}
    assert pygame.image.load(io.BytesIO(film.png()), "end.png").get_size() == (800, 500)


def test_a_recording_that_was_cut_ends_there() -> None:
    text, _, _ = act(SETTING, RUN)
    whole = read_session(text.encode(), Path("a"))
    assert read_session(text[:-10].encode(), Path("a")).lines == whole.lines[:-1]
    assert whole.setting == SETTING


HEAD = '{"petitpas-session": 1, "mat": "4x4"}\n'


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "file_format", None),
        ("[]\n", "file_format", None),
        ('{"petitpas-session": 2}\n', "file_version", None),
        ('{"petitpas-session": 1, "mat": 5}\n', "recording_line", 1),
        ('{"petitpas-session": 1, "mat": "0x0"}\n', "recording_line", 1),
        ('{"petitpas-session": 1, "mat": "4x4", "rocks": ["A1"]}\n', "recording_line", 1),
        ('{"petitpas-session": 1, "mat": "4x4", "goals": [7]}\n', "recording_line", 1),
        ('{"petitpas-session": 1, "size": [1]}\n', "recording_line", 1),
        ('{"petitpas-session": 1, "settings": {"lang": "xx"}}\n', "recording_line", 1),
        (HEAD + "what\n", "recording_line", 2),
        (HEAD + '{"ms": 5, "event": "DANCE"}\n', "recording_line", 2),
        (HEAD + '{"ms": 5, "event": "KEYDOWN"}\n', "recording_line", 2),
        (HEAD + '{"ms": 5, "event": "SIZE", "size": ["a", 1]}\n', "recording_line", 2),
        (HEAD + '{"ms": 5, "event": "END"}\n{"ms": 4, "event": "END"}\n', "recording_line", 3),
        (HEAD + '{"ms": true, "event": "END"}\n', "recording_line", 2),
    ],
)
def test_what_is_no_session_is_told_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(FileError) as caught:
        read_session(text.encode(), Path("session.jsonl"))
    assert (caught.value.code, caught.value.fields.get("line")) == (code, line)


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: (HEAD + text + "\n").encode()))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_session(data, Path("session.jsonl"))
    except FileError:
        return


def test_a_full_disk_ends_the_recording_and_not_the_session() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "full")

    recorder = Recorder(Full(), SETTING)
    recorder.took(pygame.event.Event(pygame.KEYDOWN, key=1, mod=0), 0)
    assert not recorder.is_whole


def test_a_window_writes_its_session_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    for key in (pygame.K_UP, pygame.K_F11, pygame.K_F11):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))
    out = io.StringIO()
    run_app(record=out, view=View((640, 480)), reduced_motion=True, max_frames=3)
    session = read_session(out.getvalue().encode(), Path("session.jsonl"))
    assert session.setting.settings.is_calm
    assert [line.event for line in session.lines][:2] == ["SIZE", "KEYDOWN"] and session.lines[-1].event == "END"
    assert session.lines[0].more["size"] == [640, 480] and session.lines[0].ms == 0


def test_the_option_of_the_command_hands_on_where_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "open_window", lambda words, record, settings: record.write("taps") and cli.OK)
    assert cli.main(["--record", str(tmp_path / "session.jsonl")]) == cli.OK
    assert (tmp_path / "session.jsonl").read_text(encoding="utf-8") == "taps"
    assert cli.main(["--record", str(tmp_path / "no" / "session.jsonl")]) == cli.WRONG_INPUT


# --- The command ---


def capture(*arguments: object) -> int:
    return cli.main(["capture", *map(str, arguments)])


@pytest.mark.parametrize("name", ["run.gif", "run.png", "RUN.GIF"])
def test_the_command_draws_a_program(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "short.json"
    program.write_text(SQUARE.read_text(encoding="utf-8"), encoding="utf-8")
    assert capture(program, "-o", tmp_path / name, "--mat", "3x3", "--start", "A1S") == cli.OK
    assert name in capsys.readouterr().out
    assert (tmp_path / name).read_bytes()[:4] in (b"GIF8", b"\x89PNG")


def test_the_command_draws_a_session_and_a_lesson(tmp_path: Path) -> None:
    session = tmp_path / "session.jsonl"
    session.write_text(act(SETTING, RUN[:3])[0], encoding="utf-8")
    assert capture(session, "-o", tmp_path / "a.png") == cli.OK
    assert capture(SQUARE, "-o", tmp_path / "b.png", "--lesson", "gs4", "--variant", "grand_pas") == cli.OK
    assert pygame.image.load(tmp_path / "a.png").get_size() == (640, 480)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "run.bmp"], ["run.bmp", ".png", ".gif"]),
        (["-o", "nowhere/run.png", "--start", "A1S"], ["nowhere", "écrit"]),
        (["-o", "run.png", "--lesson", "gs99"], ["gs99"]),
        (["-o", "run.png", "--mat", "0x4"], ["0x4"]),
    ],
)
def test_what_is_not_right_is_told_in_a_sentence(
    arguments: list[str], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert capture(SQUARE, *arguments) == cli.WRONG_INPUT
    told = capsys.readouterr().err
    assert all(word in told for word in words) and list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "no space left")

    file, real = tmp_path / "run.png", Path.open
    file.touch()
    monkeypatch.setattr(Path, "open", lambda path, *mode, **more: Full() if path == file else real(path, *mode, **more))
    assert capture(SQUARE, "-o", file, "--start", "A1S") == cli.WRONG_INPUT
    assert "plus de place" in capsys.readouterr().err and not file.exists()


# --- The pictures of the pages ---


def test_every_picture_of_a_page_is_drawn_by_the_command() -> None:
    assert list(pictures.amiss()) == []
