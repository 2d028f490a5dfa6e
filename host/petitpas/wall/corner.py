"""
The teacher's corner, at the top right of every page: what else there is, everybody looks at me, STOP.

Its panel has the settings of this room; every tap on it is a command to the class core, and shows at once. While the panel is open, or
everybody looks at the teacher, nothing of the page can be tapped.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from typing import NamedTuple

from petitpas.classroom.commands import SetSetting
from petitpas.classroom.records import VOICES
from petitpas.program.blocks import LEVELS
from petitpas.wall.desk import Class
from petitpas.wall.pages.page import AidName, Layers, Room, Spot
from petitpas.wall.pieces import button_items, fitting, text_items, tile
from petitpas.wall.profiles import PROFILES
from petitpas.words import LANGUAGES
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

VOLUME_STEP = 10
REACH_STEP = 2
REACH_RANGE = (20, 100)
REACH_USUAL = 40
"""Before a level is chosen."""


class Tool(Enum):
    """What can be tapped in the corner; the value is its picture, or its word."""

    STOP = "octagon"
    EYE = "eye"
    MORE = "more"
    OUTSIDE = ""
    MUTE = "speaker"
    QUIETER = "quieter"
    LOUDER = "louder"
    LOWER = "lower"
    HIGHER = "higher"
    SLOW = "slow"
    REAL = "real"
    FAST = "fast"
    SCALE = "paper"
    CALM = "calm"
    VOICE_FIRST = "voice_first"
    VOICE_DELAYED = "voice_delayed"
    VOICE_SILENT = "voice_silent"
    FULL = "full"
    SCREEN = "screen"
    PICTURE = "camera"
    BANNER = "banner"
    ROBOT = "robot"
    TOGETHER = "together"
    TURNED = "turned"


class Language(NamedTuple):
    """What can be tapped in the corner too: say everything in this language."""

    lang: str


Button = Tool | Language

AIDS: dict[Tool, AidName] = {Tool.ROBOT: "robot", Tool.TOGETHER: "together", Tool.TURNED: "turned"}
"""What is offered for the page below."""

_SPEEDS = (Tool.SLOW, Tool.REAL, Tool.FAST)
_VOICES = dict(zip((Tool.VOICE_FIRST, Tool.VOICE_DELAYED, Tool.VOICE_SILENT), VOICES, strict=True))
_LANGUAGES = tuple(Language(lang) for lang in LANGUAGES)


class Corner:
    """
    What is open of the corner; `is_frozen` while everybody looks at the teacher.

    Args:
        aids: says what the page below offers, see `Page.aids`.
    """

    def __init__(self, school: Class, aids: Callable[[], Mapping[AidName, bool]] = dict) -> None:
        self._school = school
        self._aids = aids
        self._is_open = False
        self.is_frozen = False

    @property
    def is_over(self) -> bool:
        """Whether nothing but the corner can be tapped."""
        return self._is_open or self.is_frozen

    def close(self) -> bool:
        """Close what is open; say whether something was."""
        was_over = self.is_over
        self._is_open = self.is_frozen = False
        return was_over

    def tap(self, tool: Button) -> None:
        """Do what a tool is for; STOP, SCALE and PICTURE are the shell's, FULL and SCREEN the window's, BANNER and AIDS lie below."""
        if tool is Tool.EYE:
            self.is_frozen, self._is_open = not self.is_frozen, False
        elif tool is Tool.MORE:
            self._is_open = not self._is_open
        elif tool in (Tool.OUTSIDE, Tool.SCALE, Tool.PICTURE) or tool in AIDS:
            self._is_open = False
        elif (change := self._change(tool)) is not None:
            self._school.do(SetSetting(*change))

    def _change(self, tool: Button) -> tuple[str, int | str] | None:
        settings = self._school.snapshot.settings
        if tool is Tool.MUTE:
            return "is_muted", not settings.is_muted
        if tool in (Tool.QUIETER, Tool.LOUDER):
            step = VOLUME_STEP if tool is Tool.LOUDER else -VOLUME_STEP
            return "volume_percent", min(100, max(0, settings.volume_percent + step))
        if tool in (Tool.LOWER, Tool.HIGHER):
            step = REACH_STEP if tool is Tool.HIGHER else -REACH_STEP
            return "reach_percent", min(REACH_RANGE[1], max(REACH_RANGE[0], self._reach() + step))
        if tool in _SPEEDS:
            return "speed", str(tool.value)
        if tool in _VOICES:
            return "voice", _VOICES[tool]
        if tool is Tool.CALM:
            return "is_calm", not settings.is_calm
        return ("lang", tool.lang) if isinstance(tool, Language) else None

    def _reach(self) -> int:
        """Return the share of the height under which pupils tap now, in percent: what was measured, or the level's own."""
        state = self._school.snapshot
        own = next((PROFILES[level].reach_percent for level in LEVELS if level == state.hand.level), REACH_USUAL)
        return state.settings.reach_percent or own

    # --- Where it is -----------------------------------------------------------------------------------------------------

    def spots(self, room: Room) -> tuple[Spot, ...]:
        """Return what can be tapped, in front first."""
        bar = _bar(room)
        if self.is_frozen:
            return (Spot(Tool.EYE, bar[Tool.EYE], True),)
        own = tuple(Spot(tool, frame, True) for tool, frame in bar.items())
        if not self._is_open:
            return own
        panel = tuple(Spot(tool, frame, True) for tool, frame in self._frames(room).items())
        return (*own, *panel, Spot(Tool.OUTSIDE, room.frame, True))

    def layers(self, room: Room, pressed: frozenset[Hashable]) -> Layers:
        """Return the corner, and its panel where it is open, always as three layers."""
        if self.is_frozen:
            eye = button_items(room, _bar(room)[Tool.EYE], "eye", fill="sun", is_pressed=Tool.EYE in pressed)
            return calm_items(room), (), eye
        panel = self._panel_items(room, pressed) if self._is_open else ()
        return (), panel, _bar_items(room, self._is_open, pressed)

    def _frames(self, room: Room) -> dict[Button, Frame]:
        """Return the frames of the panel; the last row is for the page below."""
        aids, frames = self._aids(), _panel(room)
        last, step = frames[Tool.CALM], frames[Tool.SCALE].left - frames[Tool.CALM].left
        top = frames[Tool.FULL].bottom + room.px(2.2)
        offered = [tool for tool in reversed(AIDS) if AIDS[tool] in aids]
        return frames | {tool: Frame(last.left + at * step, top, last.width, last.height) for at, tool in enumerate(offered)}

    def _panel_items(self, room: Room, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        settings, frames, aids = room.settings, self._frames(room), self._aids()
        card = _card(room, 7 if aids else 6)
        items: list[Item] = [Box(card, room.px(2.8), "cream", "edge", room.px(0.25), room.px(1.2))]
        reach = self._reach() / 100
        volume = 0 if settings.is_muted else settings.volume_percent / 100
        chosen: set[Button] = {Tool(settings.speed), Language(settings.lang)}
        chosen |= {tool for tool, voice in _VOICES.items() if voice == settings.voice}
        chosen |= {tool for tool, is_on in ((Tool.CALM, settings.is_calm), (Tool.MUTE, settings.is_muted)) if is_on}
        chosen |= {tool for tool, name in AIDS.items() if aids.get(name)}
        for tool, frame in frames.items():
            fill = "sun" if tool in chosen else "card"
            if isinstance(tool, Language):
                items += _worded(room, frame, tool.lang.upper(), fill, tool in pressed)
            elif tool is Tool.ROBOT:
                items += self._robot_items(room, frame, tool in pressed)
            else:
                items += button_items(room, frame, _picture(tool, settings.is_muted), fill=fill, is_pressed=tool in pressed)
        items += bar_items(room, _between(frames[Tool.QUIETER], frames[Tool.LOUDER]), volume)
        items += bar_items(room, _between(frames[Tool.LOWER], frames[Tool.HIGHER]), reach)
        first = frames[Tool.LOWER]
        items.append(Art(picture_of("reach"), card.left + room.px(6), first.centre[1], room.unit * 0.05))
        ceiling = Frame(0, room.height - round(room.height * reach), card.left - room.px(2), room.px(0.5))
        items.append(Box(ceiling, ceiling.height // 2, "plum"))
        labelled = {
            Tool.SLOW: "corner.speed",
            Tool.SCALE: "corner.scale",
            Tool.ROBOT: "corner.together" if Tool.TOGETHER in frames else "corner.robot",
        }
        labelled[Tool.VOICE_FIRST] = f"corner.voices.{settings.voice}"
        left, rows = card.left + room.px(3), []
        for tool, key in ((tool, key) for tool, key in labelled.items() if tool in frames):
            frame = min((other for other in frames.values() if other.top == frames[tool].top), key=lambda other: other.left)
            rows.append((room.words.text(f"wall.{key}"), frame))
        size = min(fitting(label, room.text("sentence"), frame.left - left - room.px(2.4)) for label, frame in rows)
        return (*items, *(Label(label, left, frame.centre[1], size, align=-1) for label, frame in rows))

    def _robot_items(self, room: Room, frame: Frame, is_pressed: bool) -> tuple[Item, ...]:
        """Return the button of the robot in hand, with the cable's sign where it is on the floor."""
        chosen = self._school.snapshot.robot
        box, down = tile(room, frame, "card", is_pressed)
        x, y = frame.centre
        plug = (Art(picture_of("plug"), frame.right - room.px(1.2), frame.top + room.px(1.2), room.unit * 0.026),) if chosen.port else ()
        return box, Art(robot_picture(chosen.animal, "exact"), x, y + down, frame.width / 140), *plug


def _picture(tool: Tool, is_muted: bool) -> str:
    if tool is Tool.MUTE:
        return "mute" if is_muted else "speaker"
    if tool in (Tool.QUIETER, Tool.LOWER):
        return "minus"
    return "plus" if tool in (Tool.LOUDER, Tool.HIGHER) else str(tool.value)


def _bar(room: Room) -> dict[Tool, Frame]:
    top, big, small, gap = room.px(2.4), room.px(8), room.px(6), room.px(1.6)
    stop = Frame(room.width - room.px(2.4) - big, top, big, big)
    eye = Frame(stop.left - gap - small, top + (big - small) // 2, small, small)
    return {Tool.STOP: stop, Tool.EYE: eye, Tool.MORE: Frame(eye.left - gap - small, eye.top, small, small)}


def _card(room: Room, rows: int) -> Frame:
    width, top = room.px(50), room.px(12.4)
    return Frame(room.width - room.px(2.4) - width, top, width, room.px(4 + 9.2 * rows))


def _panel(room: Room) -> dict[Button, Frame]:
    """Return the frames of the panel: six rows of buttons, the volume first."""
    card, side, gap = _card(room, 6), room.px(7), room.px(1.6)
    rows = [card.top + room.px(3) + row * (side + room.px(2.2)) for row in range(6)]
    right = card.right - room.px(3)

    def at(row: int, from_right: int, wide: int = 1) -> Frame:
        width = wide * side + (wide - 1) * gap
        return Frame(right - from_right * (side + gap) - width, rows[row], width, side)

    frames: dict[Button, Frame] = {Tool.MUTE: Frame(card.left + room.px(3), rows[0], side, side)}
    for row, (less, more) in enumerate(((Tool.QUIETER, Tool.LOUDER), (Tool.LOWER, Tool.HIGHER))):
        frames |= {less: Frame(card.left + room.px(12), rows[row], side, side), more: at(row, 0)}
    frames |= {tool: at(2, 2 - place) for place, tool in enumerate(_VOICES)}
    frames |= {tool: at(3, 2 - place) for place, tool in enumerate(_SPEEDS)}
    frames |= {Tool.SCALE: at(4, 1), Tool.CALM: at(4, 0)}
    full = Frame(card.left + room.px(3), rows[5], side, side)
    screen = Frame(full.right + gap, full.top, side, side)
    picture = Frame(screen.right + gap, full.top, side, side)
    step = min(side + gap, (right - picture.right) // len(_LANGUAGES))  # they share what is left of the row
    for place, language in enumerate(reversed(_LANGUAGES)):
        frames[language] = Frame(right - place * step - (step - gap), full.top, step - gap, side)
    return frames | {Tool.FULL: full, Tool.SCREEN: screen, Tool.PICTURE: picture}


def _between(left: Frame, right: Frame) -> Frame:
    gap = left.width // 3
    height = left.height // 4
    return Frame(left.right + gap, left.centre[1] - height // 2, right.left - left.right - 2 * gap, height)


def bar_items(room: Room, frame: Frame, share: float) -> tuple[Item, ...]:
    """Return a bar that is full to a share, with a knob."""
    radius, knob = frame.height // 2, round(frame.height * 1.35)
    x = frame.left + round(frame.width * share)
    return (
        Box(frame, radius, "strip"),
        Box(Frame(frame.left, frame.top, max(2 * radius, x - frame.left), frame.height), radius, "teal"),
        Art(picture_of("dot"), x, frame.centre[1], knob / 50),
    )


def _worded(room: Room, frame: Frame, word: str, fill: str, is_pressed: bool) -> tuple[Item, ...]:
    box, down = tile(room, frame, fill, is_pressed)
    return box, Label(word, frame.centre[0], frame.centre[1] + down, room.text("tile"), is_bold=True)


def _bar_items(room: Room, is_open: bool, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
    bar = _bar(room)
    (x, y), size = bar[Tool.STOP].centre, bar[Tool.STOP].width
    scale = size / 100 * (0.95 if Tool.STOP in pressed else 1.0)
    return (
        *button_items(room, bar[Tool.MORE], "more", fill="sun" if is_open else "card", is_pressed=Tool.MORE in pressed),
        *button_items(room, bar[Tool.EYE], "eye", is_pressed=Tool.EYE in pressed),
        Art(picture_of("octagon"), x, y, scale),
        Art(picture_of("square"), x, y, scale * 0.5),
    )


def calm_items(room: Room) -> tuple[Item, ...]:
    """Return the calm picture that covers everything while the class looks at the teacher."""
    x, y = room.frame.centre
    size = room.text("title") * 2
    return (
        Box(room.frame, 0, "leaf"),
        Art(robot_picture("lapin", "exact"), x, y - room.px(8), room.unit * 0.36),
        *text_items(room.words.text("wall.corner.look"), x, y + room.px(22), size, room.width - room.px(20)),
    )
