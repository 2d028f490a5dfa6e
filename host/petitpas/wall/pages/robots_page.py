"""Mes robots: what is plugged in and how it is, each with what can be done for it: prepare, name, set, check up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from petitpas.robots import Robot
from petitpas.robots.animals import ANIMALS
from petitpas.robots.doctor import Finding
from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pages.workshop_page import WorkshopPage
from petitpas.wall.person import Dialogue
from petitpas.wall.pieces import back_spot, fitting, head_items, paper_items, text_items, tile, wrapped
from petitpas.words import Words
from petitpas.workshop import naming
from petitpas.workshop.adjusting import Guide
from petitpas.workshop.flashing import drop
from petitpas.workshop.inspecting import Inspection
from petitpas.workshop.installing import install
from petitpas.workshop.person import Person, Question
from petitpas_sim.kits import BOARD_KITS
from petitpas_sim.view.animals import ANIMALS as DRAWN
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label
from petitpas_sim.view.shapes import Drawing

SHOWN = 4
"""Robots that fit the page: what else is plugged in comes as soon as one of them goes."""

_WELL = ("name", "settings", "checkup", "install")
_ACTIONS = {
    "well": _WELL,
    "bootsel": ("flash",),
    **dict.fromkeys(("no_petitpas", "unfinished", "not_started", "old_petitpas"), ("install",)),
}
"""What can be done for a robot, by the doctor's finding."""

_PICTURES = {"name": "who", "settings": "trims", "checkup": "checkup", "install": "install", "flash": "install", "who": "who"}


class RobotsPage(Page):
    """The robots of this class, as the fleet knows them."""

    shows_fleet = True

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._findings: tuple[Finding, ...] | None = None

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    # --- What is plugged in ----------------------------------------------------------------------------------------------

    def step(self, now_ms: int) -> Go | None:
        """See what has been plugged in or unplugged since."""
        fleet = self._desk.fleet
        if fleet.drives is not None:
            drives = (Finding("bootsel", {"drive": drive}) for drive in fleet.drives)
            findings = (*(robot.finding for robot in fleet.robots), *drives) or (Finding("nothing"),)
            if findings != self._findings:
                self._moved |= {spot.name for spot in self.spots()}
                self._findings = findings
        return None

    def _shown(self) -> tuple[Finding, ...]:
        return (self._findings or ())[:SHOWN]

    # --- Where things are ------------------------------------------------------------------------------------------------

    def _rows(self) -> tuple[Frame, ...]:
        room, count = self._room, max(1, len(self._shown()))
        top, gap = room.px(14), room.px(2)
        height = min(room.px(36 if count == 1 else 26), (room.height - top - room.px(3) - (count - 1) * gap) // count)
        return tuple(Frame(room.px(4), top + at * (height + gap), room.width - room.px(8), height) for at in range(count))

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, what can be done for each robot, and « qui est qui ? » where there are robots."""
        spots = [back_spot(self._room)]
        for finding, row in zip(self._shown(), self._rows(), strict=False):
            for action, frame in self._actions(finding, row).items():
                spots.append(Spot((action, _where(finding)), frame, True))
        if self._urls():
            spots.append(Spot("who", self._who_frame(), True))
        return tuple(spots)

    def _actions(self, finding: Finding, row: Frame) -> dict[str, Frame]:
        room, actions = self._room, _ACTIONS.get(finding.code, ())
        gap, pad = room.px(2), room.px(1.6)
        height = min(row.height - 2 * pad, room.px(17))
        width = min(round(height * 1.25), (row.width // 2) // max(1, len(actions)) - gap)
        left = row.right - room.px(2.4) - len(actions) * (width + gap) + gap
        top = row.top + (row.height - height) // 2
        return {action: Frame(left + at * (width + gap), top, width, height) for at, action in enumerate(actions)}

    def _who_frame(self) -> Frame:
        room = self._room
        width = room.px(34)
        return Frame(room.width - room.px(30) - width, room.px(2.4), width, room.px(8))

    def _urls(self) -> list[str]:
        return [str(finding.fields["port"]) for finding in self._findings or () if finding.is_well]

    # --- What is tapped --------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Begin a dialogue."""
        if name == "who":
            return self._open("who", picture_of("who"), self._urls(), partial(_all_sing, self._urls()))
        if not isinstance(name, tuple):
            return Back() if name == "back" else None
        action, url = name
        finding = next((finding for finding in self._shown() if _where(finding) == url), None)
        if finding is None:
            return None
        others = [other for other in self._urls() if other != url]
        dialogues: dict[str, Dialogue] = {
            "install": partial(_prepared, url, str(finding.fields.get("kit", ""))),
            "flash": partial(_flashed, Path(url), self._desk.folder / "micropython"),
            "name": partial(_named, url, others),
            "settings": partial(_with_robot, url, lambda robot, person: Guide(robot, person).settle()),
            "checkup": partial(_with_robot, url, lambda robot, person: Inspection(robot, person).examine()),
        }
        return self._open(action, _picture(finding), [url], dialogues[action])

    def _open(self, action: str, picture: Drawing, urls: Sequence[str], dialogue: Dialogue) -> Go:
        """Open the page of a dialogue, which has these ports for itself; afterwards the fleet asks anew who is there."""
        fleet = self._desk.fleet

        def alone(person: Person) -> None:
            for url in urls:
                fleet.hold(url)
            try:
                dialogue(person)
            finally:
                for url in urls:
                    fleet.ask_again(url)

        return Open(partial(WorkshopPage, self._desk, f"wall.robots.{action}", picture, alone))

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return a row for each robot, or what there is to say where there is none."""
        room, words = self._room, self._room.words
        items: list[Item] = []
        if self._findings is None:
            looking = words.text("wall.robots.looking")
            items += text_items(looking, room.width // 2, room.px(44), room.text("name"), room.width - room.px(20))
        for finding, row in zip(self._shown(), self._rows(), strict=False):
            items += self._row(finding, row, pressed)
        who = self._who(pressed) if self._urls() else ()
        title = words.text("wall.start.robots")
        return paper_items(room), head_items(room, title, pressed, self._who_frame().left), tuple(items), who

    def _who(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, frame = self._room, self._who_frame()
        box, down = tile(room, frame, "card", "who" in pressed)
        text = room.words.text("wall.robots.who")
        size = fitting(text, room.text("name"), frame.width - room.px(11))
        picture = Art(picture_of("who"), frame.left + room.px(5), frame.centre[1] + down, room.unit * 0.06)
        return box, picture, Label(text, frame.left + room.px(9), frame.centre[1] + down, size, align=-1)

    def _row(self, finding: Finding, row: Frame, pressed: frozenset[Hashable]) -> list[Item]:
        room, words = self._room, self._room.words
        actions = self._actions(finding, row)
        items: list[Item] = [Box(row, room.px(2.8), "card", "edge", room.px(0.25), room.px(0.8))]
        size = min(row.height * 0.8, room.px(22))
        lift = round(size * 0.1) if finding.is_well else 0  # an animal has more behind its middle than before it
        items.append(Art(_picture(finding), row.left + round(size * 0.62), row.centre[1] - lift, size / 140))
        left = row.left + round(size * 1.25)
        right = min((frame.left for frame in actions.values()), default=row.right) - room.px(2)
        items += _said(room, Frame(left, row.top, right - left, row.height), *_sentences(finding, words))
        for action, frame in actions.items():
            box, down = tile(room, frame, "sky" if finding.is_well else "leaf", (action, _where(finding)) in pressed)
            text = words.text(f"wall.robots.{'update' if finding.is_well and action == 'install' else action}")
            x, width = frame.centre[0], frame.width - room.px(1.2)
            items += (
                box,
                Art(picture_of(_PICTURES[action]), x, frame.top + round(frame.height * 0.4) + down, frame.height * 0.0056),
                Label(text, x, frame.bottom - round(frame.height * 0.15) + down, fitting(text, room.text("tile"), width)),
            )
        return items


def _where(finding: Finding) -> str:
    """Return the port or the drive that a finding is about, "" for neither."""
    return str(finding.fields.get("port") or finding.fields.get("drive") or "")


def _picture(finding: Finding) -> Drawing:
    """Return a robot that is well as its animal, what is not a robot yet as a board, and nothing as a plug."""
    if finding.is_well:
        animal = str(finding.fields["robot"])
        return robot_picture(animal if animal in DRAWN else ANIMALS[0].name, str(finding.fields.get("kit", "exact")))
    return picture_of("plug" if finding.code in ("nothing", "not_a_board") else "install")


def _sentences(finding: Finding, words: Words) -> tuple[str, str]:
    """Return what is so and what to do; what is done here by a tap needs no command to be typed."""
    fields = finding.named(words)
    if finding.is_well:
        return words.sentence("wall.robots.here", **fields), words.sentence("wall.robots.kit", **fields)
    here = f"wall.robots.do.{finding.code}"
    what_to_do = here if words.has(here) else f"doctor.{finding.code}.do"
    return words.sentence(f"doctor.{finding.code}.what", **fields), words.sentence(what_to_do, **fields)


def _said(room: Room, area: Frame, what: str, more: str) -> Sequence[Item]:
    """Return two sentences under one another in the middle of an area's height."""
    big, small = room.text("name"), room.text("sentence")
    rows = [(line, big) for line in wrapped(what, big, area.width)] + [(line, small) for line in wrapped(more, small, area.width)]
    height = sum(round(size * 1.45) for _, size in rows)
    y = area.centre[1] - height // 2
    items: list[Item] = []
    for line, size in rows:
        items += text_items(line, area.left, y, size, area.width * 2, align=-1)
        y += round(size * 1.45)
    return items


# --- Dialogues --------------------------------------------------------------------------------------------------------


def _prepared(url: str, kit: str, person: Person) -> None:
    """Put Petit Pas on a board, once it is known of which kind the robot is."""
    kit = kit if kit in BOARD_KITS else person.choose(Question("wall.robots.which_kit", BOARD_KITS, "wall.robots.kits"))
    if kit:
        install(url, kit, person)


def _flashed(drive: Path, folder: Path, person: Person) -> None:
    """Put MicroPython and Petit Pas on a board that waits as a drive."""
    kit = person.choose(Question("wall.robots.which_kit", BOARD_KITS, "wall.robots.kits"))
    if kit:
        drop(drive, kit, folder, person)


def _named(url: str, others: Sequence[str], person: Person) -> None:
    """Give a robot its animal: one of those that are free."""
    taken = list(naming.names(others))
    free = tuple(animal.name for animal in ANIMALS if animal.name not in taken)
    wanted = person.choose(Question("wall.robots.which_animal", free, "animals")) if free else ""
    with Robot.open(url) as robot:
        if wanted or not free:
            naming.name(robot, taken, next((animal for animal in ANIMALS if animal.name == wanted), None), person)


def _with_robot(url: str, dialogue: Callable[[Robot, Person], object], person: Person) -> None:
    with Robot.open(url) as robot:
        dialogue(robot, person)


def _all_sing(urls: Sequence[str], person: Person) -> None:
    naming.who(urls, person, lambda url: nullcontext())
