"""
Ma voix: the sentences that every level says, which the teacher records one after another, or drops as files into a folder.

    chosen --record--> listening --enough--> heard again --keep--> the next one without a recording
                           |                      \\--again--> listening
                           \\--nothing, no microphone, no room: a sentence says so, and all is as before
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import ClassVar

from petitpas.program.blocks import LEVELS, Level
from petitpas.voice.lines import text_of
from petitpas.voice.recordings import RECORDED, Recordings, lines_to_record
from petitpas.wall.corner import bar_items
from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import FRAME_MS, STILL_MS, Back, Go, KeyName, Layers, Page, Room, Spot
from petitpas.wall.pieces import back_spot, button_items, fitting, head_items, paper_items, text_items, tile
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

LOOK_MS = 500
"""How often the folder is looked at for files that were dropped into it."""

_LOUD = 0.3
"""What fills the bar: a voice that is near the microphone."""

_PICTURES = {"recorded": "microphone", "system": "speaker_low", "missing": "mute"}
_TOP, _ROW, _GAP = 18.4, 7.6, 1.2
"""Of the list and its rows, in units."""


class Stage(Enum):
    """What becomes of the chosen line; the value is the key of what is said of it."""

    CHOSEN = "record"
    OPENING = "opening"
    LISTENING = "speak"
    TAKEN = "choose"


class VoicePage(Page):
    """The teacher's recordings."""

    keys: ClassVar[Mapping[KeyName, Hashable]] = {"enter": "next", "up": "before", "down": "after"}

    def __init__(self, desk: Desk) -> None:
        hand = desk.school.snapshot.hand
        level: Level = next((level for level in LEVELS if level == hand.level), "GS")
        self._desk = desk
        self._recordings = Recordings(desk.folder / RECORDED)
        self._microphone = desk.open_microphone()
        self._microphone.prepare()
        self._lines = lines_to_record(level)
        self.stage = Stage.CHOSEN
        self.trouble = ""
        """What went otherwise than it was meant: of `listening.TROUBLES`, "" for nothing."""
        self._loudness = 0.0
        self._recorded = self._recordings.lines()
        self._looked_ms = 0
        self.chosen = next((line for line in self._lines if line not in self._recorded), self._lines[0])
        self._first = 0
        desk.sounds.level = level
        desk.sounds.rehearse(self._lines, {})

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room
        self._show()

    def close(self) -> None:
        """Let the microphone go, and what was not kept."""
        self._microphone.close()
        with suppress(OSError):
            self._take.unlink(missing_ok=True)

    # --- Where things are --------------------------------------------------------------------------------------------------

    @property
    def _count(self) -> int:
        """Rows that there is room for."""
        room = self._room
        return max(3, int((room.height - room.px(_TOP + 1.9)) // room.px(_ROW + _GAP)))

    def _rows(self) -> dict[str, Frame]:
        """Return the rows that are shown, by their line."""
        room, width = self._room, round(self._room.width * 0.5)
        shown = self._lines[self._first : self._first + self._count]
        return {line: Frame(room.px(3.4), room.px(_TOP) + at * room.px(_ROW + _GAP), width, room.px(_ROW)) for at, line in enumerate(shown)}

    def _card(self) -> Frame:
        """Return the card of the chosen line, at the right of the list and its arrows."""
        room = self._room
        left = room.px(3.4) + round(room.width * 0.5) + room.px(12)
        return Frame(left, room.px(_TOP), room.width - room.px(3.4) - left, self._count * room.px(_ROW + _GAP) - room.px(_GAP))

    def _buttons(self) -> dict[str, Frame]:
        """Return what can be done with the chosen line."""
        room, card = self._room, self._card()
        can_listen = self.stage is Stage.TAKEN or (self.stage is Stage.CHOSEN and self.state_of(self.chosen) != "missing")
        names = [*(["listen"] if can_listen else []), "record", *(["keep"] if self.stage is Stage.TAKEN else [])]
        side, gap = room.px(11), room.px(3)
        left = card.centre[0] - (len(names) * (side + gap) - gap) // 2
        return {name: Frame(left + at * (side + gap), card.top + room.px(26), side, side) for at, name in enumerate(names)}

    def _arrows(self) -> dict[str, Frame]:
        room, side = self._room, self._room.px(7)
        left, rows = room.px(3.4) + round(room.width * 0.5) + room.px(2), list(self._rows().values())
        above, below = Frame(left, rows[0].top, side, side), Frame(left, rows[-1].bottom - side, side, side)
        is_more = self._first + self._count < len(self._lines)
        return ({"above": above} if self._first else {}) | ({"below": below} if is_more else {})

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, the rows by their line, the arrows of the list, and what can be done with the chosen one."""
        named = {**self._rows(), **self._arrows(), **self._buttons()}
        return (back_spot(self._room), *(Spot(name, frame, True) for name, frame in named.items()))

    # --- What is tapped ----------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Choose a line, record it, hear it, keep it."""
        if name == "back":
            return Back()
        if name in self._lines:
            self._choose(str(name))
        elif name in ("before", "after"):
            at = self._lines.index(self.chosen) + (1 if name == "after" else -1)
            self._choose(self._lines[min(len(self._lines) - 1, max(0, at))])
        elif name in ("above", "below"):
            self._first = max(0, self._first + (self._count if name == "below" else -self._count))
        elif name == "listen":
            self._listen()
        elif name == "keep" or (name == "next" and self.stage is Stage.TAKEN):
            self._keep()
        elif name in ("record", "next"):
            self._record()
        return None

    @property
    def _take(self) -> Path:
        """Where a recording is until it is kept."""
        return self._recordings.folder / "take.new"

    def _choose(self, line: str) -> None:
        if self.stage in (Stage.OPENING, Stage.LISTENING):
            self._microphone.close()
            self._microphone.prepare()
        self.stage, self.chosen, self.trouble = Stage.CHOSEN, line, ""
        self._show()

    def _show(self) -> None:
        """Turn the list to the chosen line."""
        at = self._lines.index(self.chosen)
        if not self._first <= at < self._first + self._count:
            self._first = at // self._count * self._count

    def _record(self) -> None:
        """Begin to record, or end it."""
        if self.stage in (Stage.OPENING, Stage.LISTENING):
            self._microphone.enough()
            return
        self._desk.sounds.quiet()
        self.stage, self.trouble, self._loudness = Stage.OPENING, "", 0.0
        self._microphone.record(self._take)

    def _listen(self) -> None:
        if self.stage is Stage.TAKEN:
            self._desk.sounds.hear(self._take)
        else:
            self._desk.sounds.say(self.chosen, "bubble", is_asked=True)

    def _keep(self) -> None:
        """Keep what was recorded, and go on to the next line without a recording."""
        try:
            self._recordings.keep(self.chosen, self._take)
        except OSError:
            self.trouble = "unkept"
            return
        self._desk.sounds.quiet()
        self._recorded = self._recordings.lines()
        at = self._lines.index(self.chosen)
        following = (*self._lines[at + 1 :], *self._lines[:at])
        self._choose(next((line for line in following if line not in self._recorded), self.chosen))

    # --- What happens ------------------------------------------------------------------------------------------------------

    def step(self, now_ms: int) -> Go | None:
        """Take what the microphone tells, and look at the folder."""
        for told in self._microphone.told():
            self._hear(told)
        if now_ms - self._looked_ms >= LOOK_MS:
            self._looked_ms, self._recorded = now_ms, self._recordings.lines()
        return None

    def _hear(self, told: Mapping[str, object]) -> None:
        if self.stage not in (Stage.OPENING, Stage.LISTENING):
            return
        if isinstance(level := told.get("level"), float):
            self.stage, self._loudness = Stage.LISTENING, level
            return
        self._microphone.prepare()
        if "taken" in told:
            self.stage = Stage.TAKEN
            self._listen()
        else:
            self.stage, self.trouble = Stage.CHOSEN, str(told.get("trouble", ""))

    def stop(self) -> bool:
        """End a recording; say whether there was one."""
        is_recording = self.stage in (Stage.OPENING, Stage.LISTENING)
        if is_recording:
            self._choose(self.chosen)
        return is_recording

    def wait_ms(self) -> int:
        """Return how long the loop may sleep: the bar moves while somebody speaks."""
        return FRAME_MS if self.stage in (Stage.OPENING, Stage.LISTENING) else STILL_MS

    # --- What is drawn -----------------------------------------------------------------------------------------------------

    def state_of(self, line: str) -> str:
        """Return whose voice says a line: "recorded", "system" or "missing"."""
        return "recorded" if line in self._recorded else "system" if self._desk.sounds.has_voice else "missing"

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the list, the chosen line with what can be done, and the folder."""
        room, words = self._room, self._room.words
        size, done = room.text("sentence"), sum(line in self._recorded for line in self._lines)
        counted = words.text("wall.voice.done", done=done, all=len(self._lines))
        line = (
            *text_items(words.text("wall.voice.intro"), room.px(3.4), room.px(12), size, round(room.width * 0.5), align=-1),
            Label(counted, self._card().left, room.px(14.4), room.text("name"), is_bold=True, align=-1),
        )
        return (
            paper_items(room),
            (*head_items(room, words.text("wall.voice.title"), pressed), *line),
            self._list(pressed),
            (*self._chosen(), *self._folder()),
            self._doing(pressed),
        )

    def _list(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, size = self._room, self._room.text("sentence")
        items: list[Item] = []
        for line, frame in self._rows().items():
            state = self.state_of(line)
            box, down = tile(room, frame, "sun" if line == self.chosen else "leaf" if state == "recorded" else "card", line in pressed)
            y, left, right = frame.centre[1] + down, frame.left + room.px(8), frame.right - room.px(22)
            told = room.words.text(f"wall.voice.{state}")
            text = self._text(line)
            items += (
                box,
                Art(picture_of(_PICTURES[state]), frame.left + room.px(4), y, room.unit * 0.045),
                Label(text, left, y, fitting(text, size, right - left - room.px(1)), align=-1),
                Label(told, right, y, fitting(told, room.text("tile"), room.px(20)), align=-1),
            )
        for name, frame in self._arrows().items():
            box, down = tile(room, frame, "cream", name in pressed)
            turn = 90 if name == "above" else -90
            items += (box, Art(picture_of("back"), *frame.centre, frame.width * 0.0062, turn))
        return tuple(items)

    def _text(self, line: str) -> str:
        return text_of(line, self._room.words.lang, {})

    def _chosen(self) -> tuple[Item, ...]:
        """Return the card of the chosen line, and the bar while it listens."""
        room, card = self._room, self._card()
        x, inner = card.centre[0], card.width - room.px(5)
        said = room.words.text(f"wall.voice.{self.trouble or self.stage.value}")
        items: list[Item] = [Box(card, room.px(2.8), "cream", "edge", room.px(0.25), room.px(0.8))]
        items += text_items(f"« {self._text(self.chosen)} »", x, card.top + room.px(3), room.text("name"), inner)
        items += text_items(said, x, card.top + room.px(15), room.text("sentence"), inner, colour="plum" if self.trouble else "quiet")
        if self.stage is Stage.LISTENING:
            bar = Frame(card.left + room.px(5), card.top + room.px(43), card.width - room.px(10), room.px(2.4))
            items += bar_items(room, bar, min(1.0, self._loudness / _LOUD))
        return tuple(items)

    def _doing(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room = self._room
        items: list[Item] = []
        is_on = self.stage in (Stage.OPENING, Stage.LISTENING)
        for name, frame in self._buttons().items():
            picture = {"listen": "speaker", "keep": "tick"}.get(name, "pause" if is_on else "microphone")
            again = "again" if self.stage is Stage.TAKEN or self.chosen in self._recorded else "say"
            word = room.words.text(f"wall.voice.{'enough' if is_on else again if name == 'record' else name}")
            is_next = name == ("keep" if self.stage is Stage.TAKEN else "record")
            fill = "sun" if is_on else "leaf" if is_next else "card"
            items += button_items(room, frame, picture, fill=fill, is_pressed=name in pressed)
            items.append(Label(word, frame.centre[0], frame.bottom + room.px(2.6), fitting(word, room.text("tile"), room.px(13))))
        return tuple(items)

    def _folder(self) -> tuple[Item, ...]:
        """Return where files can be dropped, and what the chosen line's is called."""
        room, words, card = self._room, self._room.words, self._card()
        size, inner, left = room.text("tile"), card.width - room.px(5), card.left + room.px(2.5)
        name = words.text("wall.voice.file", name=self.chosen)
        folder = str(self._recordings.folder)
        y = card.bottom - room.px(16)
        return (
            *text_items(words.text("wall.voice.folder"), left, y, size, inner, colour="quiet", align=-1),
            Label(folder, left, y + room.px(9), fitting(folder, size, inner), align=-1),
            Label(name, left, y + room.px(12.6), fitting(name, size, inner), align=-1),
        )
