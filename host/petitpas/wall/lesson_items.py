"""From an activity to items: tiles, the strip or the programs to choose, what is said, and what the class learns today."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from petitpas.lessons.sheet import Activity as Kind
from petitpas.wall.activity import Activity
from petitpas.wall.board import Status
from petitpas.wall.layout import Layout
from petitpas.wall.pages.page import Room
from petitpas.wall.pieces import fitting, halo, text_items, tile, wrapped
from petitpas.wall.strip import END, LOOP, Cards, kind_of, number_of
from petitpas.wall.task import CHOICE, CONTROLS, DECK
from petitpas.wall.tiles import STATE_FILLS
from petitpas_sim.snapshot import RobotSnapshot
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.palette import PALE, mix
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

LEARNT: dict[Kind, tuple[str, str]] = {
    "faire": ("forward", "flower"),
    "programmer": ("forward", "eye"),
    "coder": ("forward", "friend"),
    "reparer": ("eye", "repeat"),
    "ordonner": ("step", "listen"),
    "prevoir": ("step", "predict"),
    "reconnaitre": ("eye", "predict"),
    "inventer": ("flower", "friend"),
}
"""What shows, without words, what is learnt: laying and looking, writing for a friend, looking and changing, and so on."""

_TOLD = {
    "bubble": ("dis", "raconte", "explique"),
    "eye": ("regarde", "vérifie", "montre", "comparé"),
    "predict": ("prévu", "prévois"),
    "friend": ("camarade",),
    "clear": ("efface",),
    "repeat": ("change", "rejoue", "recommence", "répète"),
    "right": ("tourne", "pivote", "côté"),
    "flower": ("fleur",),
    "footprints_3": ("ordre", "chemin", "trait"),
    "go_up": ("flèche", "flèches"),
    "slot": ("case",),
    "forward": ("carte", "cartes", "pose", "choisis", "programme"),
}
"""Pictures of what a criterion is about, by the words of a sheet, which is in French."""

_LINE = 1.45
"""Height of a line of text, in sizes."""

_MARGIN, _ROOMY, _WIDEST = 3.6, 32.0, 42.0
"""Of the bubble with what is said, in units: from what is beside it, from where its words are bigger, and at most."""


def tiles_shown(activity: Activity) -> tuple[str, ...]:
    """Return the tiles of this moment."""
    return activity.task.shown(activity.taken, bool(activity.helps))


def kind_shown(activity: Activity, name: str) -> str:
    """Return what a tile shows: the card of the deck, the end of the loop that is open, or what it is called."""
    if name.startswith(DECK):
        return kind_of(activity.task.deck[int(name[len(DECK) :])])
    return kind_of(activity.next_card(name)) if name == LOOP else name


def tile_items(room: Room, layout: Layout, activity: Activity, pressed: frozenset[object]) -> tuple[Item, ...]:
    """Return the tiles: cards in blue, the rocket's in lilac, the rest in cream; what is offered or in use is in the sun."""
    items: list[Item] = []
    for name, frame in layout.tiles:
        kind, is_pale = kind_shown(activity, name), not activity.accepts(name)
        is_asked = activity.token is None and (activity.task.asks_place or (activity.task.offers_place and bool(activity.cards)))
        is_lit = {"help": activity.offers_help, "insert": activity.is_inserting, "predict": is_asked}.get(name, False)
        if is_lit and not is_pale:
            items.append(halo(frame, room.px))
        fill = "cream" if name in CONTROLS else "lilac" if kind.startswith("go_") else "card" if name.startswith(DECK) else "sky"
        items += _stack_below(room, frame, activity, name)
        items += worded_items(room, frame, kind, room.words.text(f"wall.{kind}"), fill, name in pressed, is_pale)
    return tuple(items)


def _stack_below(room: Room, frame: Frame, activity: Activity, name: str) -> Iterator[Box]:
    """Give the edges of the equal cards that lie below one that is given."""
    step, below = room.px(0.45), activity.task.left(name, activity.taken) - 1 if name.startswith(DECK) else 0
    for under in range(below, 0, -1):
        lower = Frame(frame.left + under * step, frame.top - under * step, frame.width, frame.height)
        yield Box(lower, room.px(2.2), "card", "dash", room.px(0.2))


def worded_items(
    room: Room, frame: Frame, picture: str, word: str, fill: str, is_pressed: bool = False, is_pale: bool = False
) -> list[Item]:
    """Return a tile with a picture over a word; pale where it does nothing now."""
    box, down = tile(room, frame, fill, is_pressed and not is_pale)
    if is_pale:
        box = Box(frame, room.px(2.2), mix(fill, "band", PALE), mix("edge", "band", PALE), room.px(0.25))
    size = fitting(word, room.text("tile"), frame.width - room.px(1.4))
    x, tall = frame.centre[0], frame.height - round(size * 1.6)
    art = Art(
        picture_of(picture, "band" if is_pale else ""), x, frame.top + round(tall * 0.53) + down, min(tall * 0.0086, frame.width * 0.0072)
    )
    return [box, art, Label(word, x, frame.bottom - round(size * 0.95) + down, size, "quiet" if is_pale else "ink")]


def strip_items(
    room: Room,
    layout: Layout,
    activity: Activity,
    marks: Sequence[int],
    flying: Mapping[int, Frame],
    pressed: frozenset[object],
    is_cue: bool,
) -> tuple[Item, ...]:
    """
    Return the strip: the running card in the sun, the selected one lifted, `marks` in plum, and the place of the next.

    `flying` cards are still on their way; `is_cue` shows a rim: the strip is full, or has nothing to run.
    """
    rim = ("plum", room.px(0.5)) if is_cue else ("", 0)
    items: list[Item] = [Box(layout.strip, room.px(2.8), "strip", *rim)]
    cards, board = activity.cards, activity.board
    for place, (card, slot) in enumerate(zip(cards, layout.slots, strict=False)):
        is_chosen = place == activity.selected
        ring = "sun" if place == board.lit else "teal" if is_chosen else "plum" if place in marks else ""
        if ring:
            items.append(halo(slot, room.px, ring))
        items += card_items(room, flying.get(place, slot), card, is_pressed=place in pressed)
        if is_chosen and activity.is_inserting:
            gap = room.px(0.9)
            items.append(Box(Frame(slot.left - 2 * gap, slot.top, gap, slot.height), gap // 2, "teal"))
    if len(cards) < len(layout.slots) and not board.is_running and not activity.task.is_fixed:
        slot = layout.slots[len(cards)]
        items.append(Art(picture_of("slot"), *slot.centre, slot.width / 100))
    return tuple(items)


def card_items(room: Room, frame: Frame, card: str, *, is_pressed: bool = False) -> Iterator[Item]:
    """Give a card as it lies: its picture, and its number in the corner; loops are on teal, so that what is between them is seen."""
    kind, number = kind_of(card), number_of(card)
    box, down = tile(room, frame, "leaf" if kind in (LOOP, END) else "card", is_pressed, radius=min(2.2, frame.width / room.unit / 5))
    yield box
    (x, y), size = frame.centre, frame.width
    if number is None:
        yield Art(picture_of(kind), x, y + down, size * 0.0076)
        return
    yield Art(picture_of(kind), x - size // 7, y + down, size * 0.0062)
    yield Label(str(number), x + round(size * 0.3), y + round(size * 0.22) + down, round(size * 0.36), "ink", True)


def choice_frames(layout: Layout, count: int) -> tuple[Frame, ...]:
    """Return where so many programs stand side by side: in place of the strip, or where that is out of reach, after the tiles."""
    gap = max(layout.px(2), layout.gap)
    if layout.is_strip_tapped:
        left, top, height = layout.strip.left, layout.slots[0].top, layout.slots[-1].bottom - layout.slots[0].top
    else:
        last = layout.tiles[-1][1]
        left, top, height = last.right + gap, layout.tiles[0][1].top, last.bottom - layout.tiles[0][1].top
    width = (layout.go.left - layout.px(3) - left - (count - 1) * gap) // max(1, count)
    return tuple(Frame(left + at * (width + gap), top, width, height) for at in range(count))


def choice_items(room: Room, layout: Layout, activity: Activity, pressed: frozenset[object]) -> tuple[Item, ...]:
    """Return the programs to choose among; the one that was chosen has a teal rim, and its running card is in the sun."""
    items: list[Item] = []
    choices = activity.task.choices
    for number, (cards, frame) in enumerate(zip(choices, choice_frames(layout, len(choices)), strict=True)):
        is_chosen = cards == activity.cards
        edge, width = ("teal", room.px(0.8)) if is_chosen else ("edge", room.px(0.25))
        items.append(Box(frame, room.px(2.8), mix("strip", "ink", 0.1) if f"{CHOICE}{number}" in pressed else "strip", edge, width))
        items += _row_items(room, frame, cards, activity.board.lit if is_chosen else None)
    return tuple(items)


def _row_items(room: Room, frame: Frame, cards: Cards, lit: int | None) -> Iterator[Item]:
    gap = room.px(1)
    side = min(frame.height - 2 * gap, (frame.width - gap) // max(1, len(cards)) - gap)
    left = frame.left + (frame.width - len(cards) * (side + gap) + gap) // 2
    for place, card in enumerate(cards):
        at = Frame(left + place * (side + gap), frame.top + (frame.height - side) // 2, side, side)
        if place == lit:
            yield halo(at, room.px)
        yield from card_items(room, at, card)


# --- At the sides ---------------------------------------------------------------------------------------------------------


def said_items(room: Room, layout: Layout, right: int, sentences: Sequence[str], look: tuple[str, str, str]) -> tuple[Item, ...]:
    """
    Return a bubble at the left of the mat with what is being said: the twin of the voice.

    Args:
        right: where it ends at the latest; its words are bigger where there is room for them.
        look: its picture, its colour and that of its rim.
    """
    if not sentences:
        return ()
    (picture, fill, edge), left, pad = look, layout.notice.left, room.px(3.2)
    most = max(layout.notice.width, min(right - left - room.px(_MARGIN), room.px(_WIDEST)))
    size = room.text("name" if most > room.px(_ROOMY) else "sentence")
    step, inner = round(size * _LINE), most - pad
    lines = [wrapped(sentence, size, inner) for sentence in sentences]
    width = max(layout.notice.width, max(text_width(line, size) for said in lines for line in said) + pad)
    height = room.px(9.5) + step * sum(map(len, lines)) + round(step * 0.5) * (len(lines) - 1)
    top = min(layout.notice.top + room.px(8), layout.band.top - room.px(1) - height)
    items: list[Item] = [Box(Frame(left, top, width, height), room.px(2.4), fill, edge, room.px(0.4), room.px(0.8))]
    items.append(Art(picture_of(picture), left + room.px(5), top + room.px(4.6), room.unit * 0.055))
    y = top + room.px(8)
    for number, sentence in enumerate(sentences):
        items += text_items(sentence, left + room.px(1.6), y, size, inner, align=-1)
        y += step * len(lines[number]) + round(step * 0.5)
    return tuple(items)


def pictures_learnt(criteria: Sequence[str], activity: Kind) -> list[str]:
    """Return a picture for each criterion: of the first of its words that has one, else the activity's; neighbours differ."""
    pictures: list[str] = []
    for place, sentence in enumerate(criteria):
        words = re.findall(r"\w+", sentence.lower())
        told = (picture for word in words for picture, among in _TOLD.items() if word in among)
        usual = LEARNT[activity][place % 2 :] + LEARNT[activity]
        pictures.append(next(picture for picture in (*told, *usual) if picture not in pictures[-1:]))
    return pictures


def today_items(room: Room, layout: Layout, criteria: Sequence[str], activity: Activity) -> tuple[tuple[Item, ...], int]:
    """Return what is learnt today, a picture and a sentence of the child each, lit and ticked once it is reached; and where it ends."""
    frame, size, is_reached = layout.side, room.text("tile"), activity.is_reached
    y = frame.top
    if not criteria:
        return (), y
    items: list[Item] = [Label(room.words.text("wall.lesson.today"), frame.left, y, room.text("name"), is_bold=True, align=-1)]
    y += room.px(3.4)
    inner, step = frame.width - room.px(8.4), round(size * _LINE)
    fill, edge, wide = ("leaf", "teal", 0.5) if is_reached else ("card", "edge", 0.25)
    for sentence, picture in zip(criteria, pictures_learnt(criteria, activity.task.activity), strict=True):
        height = max(room.px(7), step * len(wrapped(sentence, size, inner)) + room.px(2.4))
        box = Frame(frame.left, y, frame.width, height)
        items.append(Box(box, room.px(2), fill, edge, room.px(wide)))
        x, middle = box.left + room.px(3.8), box.centre[1]
        up, scale = (room.px(1.3), 0.036) if is_reached else (0, 0.045)
        items.append(Art(picture_of(picture), x, middle - up, room.unit * scale))
        if is_reached:
            items.append(Art(picture_of("tick"), x, middle + room.px(2), room.unit * 0.03))
        text_top = box.centre[1] - step * len(wrapped(sentence, size, inner)) // 2
        items += text_items(sentence, box.left + room.px(7.2), text_top, size, inner, align=-1)
        y = box.bottom + room.px(1.4)
    return tuple(items), y


def robot_items(room: Room, layout: Layout, top: int, robot: RobotSnapshot | None, status: Status) -> tuple[Item, ...]:
    """Return the robot's card below what is learnt: its picture, its name, and how it is; nothing where there is no place for it."""
    bottom = layout.band.top - room.px(1)
    if robot is None or bottom - top < room.px(12):
        return ()
    frame, size = layout.side, room.text("state")
    tall = min(room.px(16), bottom - top, frame.width * 45 // 100)
    x, y = frame.left + tall // 2 - room.px(1), top + tall // 2
    state, left = room.words.text(f"wall.{status.value}"), frame.left + tall
    width = frame.right - left
    size = fitting(state, size, width - room.px(2.4))
    pill = Frame(left, y + room.px(0.6), text_width(state, size) + room.px(2.4), room.px(4.2))
    name = room.words.robot("fusee" if robot.kit == "rocket" else robot.name)
    return (
        Art(robot_picture(robot.name, robot.kit), x, y, tall / 150),
        Label(name, left, y - room.px(2.4), fitting(name, room.text("name"), width, is_bold=True), is_bold=True, align=-1),
        Box(pill, pill.height // 2, STATE_FILLS[status], "edge", room.px(0.2)),
        Label(state, pill.centre[0], pill.centre[1], size),
    )


# --- After a success ------------------------------------------------------------------------------------------------------


def next_frames(layout: Layout, names: Sequence[str]) -> dict[str, Frame]:
    """Return where the steps to the next challenge are: in place of the tiles, as high as they are, and wider."""
    side = layout.tiles[0][1].height if layout.tiles else layout.px(9)
    top = layout.tiles[0][1].top if layout.tiles else layout.height - side - layout.px(1.8)
    gap = layout.px(3)
    left = layout.strip.left
    width = min(round(side * 1.3), (layout.strip.width - (len(names) - 1) * gap) // max(1, len(names)))
    return {name: Frame(left + at * (width + gap), top, width, side) for at, name in enumerate(names)}
