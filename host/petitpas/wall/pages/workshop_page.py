"""The page of a dialogue about a robot: its picture, what is said, what can be answered, and how far an installation is."""

from __future__ import annotations

from collections.abc import Hashable

from petitpas.wall.corner import bar_items
from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import IDLE_MS, STILL_MS, Back, Go, Layers, Page, Room, Spot
from petitpas.wall.person import READY, Dialogue, WallPerson
from petitpas.wall.pieces import back_spot, button_items, fitting, grid, head_items, paper_items, text_items, tile, wrapped
from petitpas_sim.view.animals import ANIMALS, robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Frame, Item, Label
from petitpas_sim.view.shapes import Drawing

_COLUMNS, _ROW = 3, 9
_ANIMALS, _TALL = 6, 20
"""Choices in a row, and their height in units: words, and animals as pictures."""

_GAP = 2


class WorkshopPage(Page):
    """
    A dialogue, begun when the page opens. Who leaves it stops it, and the robot; what was settled stays.

    Args:
        title: key of the words.
        picture: of the robot, or of what is being done.
    """

    def __init__(self, desk: Desk, title: str, picture: Drawing, dialogue: Dialogue) -> None:
        self._desk = desk
        self._title = title
        self._picture = picture
        self.person = WallPerson(lambda: self._room.words)
        self._dialogue: Dialogue | None = dialogue
        self._choices: tuple[tuple[str, str], ...] = ()

    def fit(self, room: Room) -> None:
        """Take another size, language or setting; the first one begins the dialogue."""
        self._room = room
        if self._dialogue is not None:
            self.person.begin(self._dialogue)
            self._dialogue = None

    def step(self, now_ms: int) -> Go | None:
        """Let go of fingers on choices that are not there any more."""
        choices = self.person.shown.choices
        if choices != self._choices:
            self._moved |= {name for name, _ in self._choices}
            self._choices = choices
        return None

    def wait_ms(self) -> int:
        """Look often while the robot does something, and what is shown may change by itself."""
        return STILL_MS if self._choices or self.person.shown.is_over else IDLE_MS

    # --- What is tapped --------------------------------------------------------------------------------------------------

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back and the choices."""
        return (back_spot(self._room), *(Spot(name, frame, True) for name, frame in self._frames().items()))

    def _frames(self) -> dict[str, Frame]:
        """Return where the choices are, at the bottom: a tick alone, or rows of words."""
        room = self._room
        names = [name for name, _ in self._choices]
        if names == [READY] or self.person.shown.is_over:
            side = room.px(13)
            return {READY: Frame((room.width - side) // 2, room.height - room.px(6) - side, side, side)}
        are_animals = bool(names) and names[0] in ANIMALS
        columns = min(_ANIMALS if are_animals else _COLUMNS, max(1, len(names)))
        gap, height = room.px(_GAP), room.px(_TALL if are_animals else _ROW)
        width = min(room.px(20 if are_animals else 44), (room.width - 2 * room.px(5) - (columns - 1) * gap) // columns)
        left = (room.width - columns * width - (columns - 1) * gap) // 2
        top = room.height - room.px(5) - -(-len(names) // columns) * (height + gap) + gap
        return grid(names, columns, Frame(left, top, width, height), gap)

    def _bottom(self) -> int:
        """Return where the choices begin."""
        return min((frame.top for frame in self._frames().values()), default=self._room.height)

    def tap(self, name: Hashable) -> Go | None:
        """Answer; go back once all is over, or where nobody wants more."""
        if name == "back" or (name == READY and self.person.shown.is_over):
            return Back()
        self.person.answer(str(name))
        return None

    def stop(self) -> bool:
        """End the dialogue, which stops the robot."""
        return self.person.leave()

    def close(self) -> None:
        """End the dialogue; the robot and its port are let go as soon as it has noticed."""
        self.person.leave()

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the picture, the sentences, a bar where something is being installed, and the choices."""
        room, shown = self._room, self.person.shown
        head = head_items(room, room.words.sentence(self._title), pressed)
        picture = picture_of("plug") if shown.has_trouble else self._picture
        top, bottom = room.px(13), min(room.px(67), self._bottom())
        aside = Art(picture, room.px(22), (top + bottom) // 2, (bottom - top) * 0.0044)
        is_quiet = not (shown.said or shown.bar or shown.is_over)
        said = (room.words.text("wall.workshop.watch"),) if is_quiet else shown.said
        return paper_items(room), head, (aside, *self._said(said)), self._bar(shown.bar), self._answers(pressed)

    def _said(self, said: tuple[str, ...]) -> tuple[Item, ...]:
        """Return the sentences from the top, as big as all have room, else the last ones; the newest in ink."""
        room = self._room
        left, top = room.px(44), room.px(16)
        width, height = room.width - left - room.px(5), self._bottom() - room.px(3) - top
        for size in map(room.text, ("name", "sentence", "tile")):
            rows, step = self._rows(said, size, width), round(size * 1.45)
            if _tall(rows, step) <= height:
                break
        while len(rows) > 1 and _tall(rows, step) > height:
            del rows[0]
        items: list[Item] = []
        y = top
        for line, is_first, colour in rows:
            y += step // 3 if is_first else 0
            items += text_items(line, left, y, size, width * 2, colour=colour, align=-1)
            y += step
        return tuple(items)

    def _rows(self, said: tuple[str, ...], size: int, width: int) -> list[tuple[str, bool, str]]:
        """Return the lines of the sentences at a size: each, whether it begins a sentence, and its colour."""
        shown = self.person.shown
        newest = 0 if shown.is_over or shown.has_trouble else len(said) - 1
        return [
            (line, at == 0, "ink" if number >= newest else "quiet")
            for number, sentence in enumerate(said)
            for at, line in enumerate(wrapped(sentence, size, width))
        ]

    def _bar(self, bar: tuple[str, float] | None) -> tuple[Item, ...]:
        if bar is None:
            return ()
        room, (step, share) = self._room, bar
        frame = Frame(room.px(44), room.height - room.px(22), room.width - room.px(54), room.px(2.4))
        return (Label(step, frame.left, frame.top - room.px(4), room.text("name"), align=-1), *bar_items(room, frame, share))

    def _answers(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, texts = self._room, dict(self._choices)
        items: list[Item] = []
        for name, frame in self._frames().items():
            if name == READY:
                items += button_items(room, frame, "tick", fill="leaf", is_pressed=name in pressed)
                continue
            box, down = tile(room, frame, "card", name in pressed)
            if name in ANIMALS:
                x, size = frame.centre[0], fitting(texts[name], room.text("sentence"), frame.width - room.px(2))
                robot = Art(robot_picture(name, "exact"), x, frame.top + round(frame.height * 0.39) + down, frame.height / 200)
                items += (box, robot, Label(texts[name], x, frame.bottom - room.px(2.4) + down, size))
                continue
            size = fitting(texts[name], room.text("name"), frame.width - room.px(3))
            items += (box, Label(texts[name], frame.centre[0], frame.centre[1] + down, size))
        return tuple(items)


def _tall(rows: list[tuple[str, bool, str]], step: int) -> int:
    """Return the height of lines that are a step apart, in pixels; a sentence begins a third of a step lower."""
    return len(rows) * step + sum(is_first for _, is_first, _ in rows) * (step // 3)
