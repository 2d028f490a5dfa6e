"""Réglages: languages, the voice, calm, what is offered after a success, and the class's notebook: to copy, to keep, to erase."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import partial

from petitpas.classroom import export
from petitpas.classroom.commands import Command, Erase, KeepOneMoreYear, SetSetting
from petitpas.classroom.records import VOICES
from petitpas.errors import KitError
from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pages.voice_page import VoicePage
from petitpas.wall.pieces import back_spot, fitting, head_items, paper_items, text_items, tile
from petitpas.words import LANGUAGES, Words
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

_ROWS = ("lang", "voice", "calm", "offers_next", "panel", "notebook")
_PICTURES = {"lang": "bubble", "voice": "listen", "calm": "calm", "offers_next": "footprints_3", "panel": "buttons", "notebook": "drawer"}


class SettingsPage(Page):
    """A row for each thing, its choices as tiles; what is chosen is in the sun. Erasing takes two taps: one asks, one does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._is_asking = False
        self._said = ""

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    # --- What there is ---------------------------------------------------------------------------------------------------

    def _choices(self) -> Iterator[tuple[str, str, str, bool]]:
        """Give each choice: its row, its name, its words, and whether it is the present one."""
        words, settings = self._room.words, self._room.settings
        for lang in LANGUAGES:
            yield "lang", lang, Words(lang).text("language"), settings.lang == lang
        for voice in VOICES:
            yield "voice", voice, words.text(f"wall.settings.voices.{voice}"), settings.voice == voice
        yield "voice", "record", words.text("wall.voice.title"), False
        for name, is_on in (("calm", settings.is_calm), ("offers_next", settings.offers_next)):
            yield name, "yes", words.text("wall.settings.yes"), is_on
            yield name, "no", words.text("wall.settings.no"), not is_on
        has_panel = self._desk.buttons is not None
        yield "panel", "yes", words.text("wall.settings.yes"), has_panel
        yield "panel", "no", words.text("wall.settings.no"), not has_panel
        if self._is_asking:
            yield "notebook", "erase_now", words.text("wall.settings.erase_now"), False
            yield "notebook", "cancel", words.text("wall.settings.cancel"), False
        else:
            yield "notebook", "export", words.text("class.export"), False
            yield "notebook", "erase", words.text("class.erase"), False
            if self._desk.school.snapshot.is_of_last_year(self._desk.now().date()):
                yield "notebook", "keep", words.text("class.keep"), False

    def _frames(self) -> dict[tuple[str, str], Frame]:
        room = self._room
        rows: dict[str, list[str]] = {}
        for row, name, _, _ in self._choices():
            rows.setdefault(row, []).append(name)
        gap, right = room.px(2), room.width - room.px(6)
        frames = {}
        for row, names in rows.items():
            card = self._row(row)
            left, height = room.px(46), room.px(8)
            width = min(room.px(34), (right - left - (len(names) - 1) * gap) // len(names))
            for at, name in enumerate(names):
                frames[row, name] = Frame(left + at * (width + gap), card.centre[1] - height // 2, width, height)
        return frames

    def _row(self, row: str) -> Frame:
        room, at = self._room, _ROWS.index(row)
        height = room.px(11)
        return Frame(room.px(4), room.px(12.4) + at * (height + room.px(1.2)), room.width - room.px(8), height)

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back and the choices."""
        return (back_spot(self._room), *(Spot(name, frame, True) for name, frame in self._frames().items()))

    # --- What is tapped --------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Set something, or do something with the notebook."""
        if not isinstance(name, tuple):
            return Back() if name == "back" else None
        row, choice = name
        self._said = ""
        if name == ("voice", "record"):
            return Open(partial(VoicePage, self._desk))
        if row == "panel":
            self._said = self._panel(choice == "yes")
        elif row in ("lang", "voice"):
            self._desk.school.do(SetSetting(row, choice))
        elif row != "notebook":
            self._desk.school.do(SetSetting("is_calm" if row == "calm" else row, choice == "yes"))
        else:
            self._notebook(choice)
        return None

    def _panel(self, is_wanted: bool) -> str:
        """Look for a panel of push-buttons, or leave it; return what is the matter where there is none, "" where all is well."""
        desk = self._desk
        try:
            if is_wanted and desk.buttons is None and desk.open_panel is not None:
                desk.buttons = desk.open_panel()
            elif desk.buttons is not None and not is_wanted:
                desk.buttons.close()
                desk.buttons = None
        except KitError as error:
            return error.say(self._room.words.lang)
        desk.school.do(SetSetting("has_panel", desk.buttons is not None))
        return ""

    def _notebook(self, choice: str) -> None:
        words, was_asking = self._room.words, self._is_asking
        self._is_asking = choice == "erase"
        if choice == "erase":
            self._said = words.text("class.erase_ask")
        elif choice == "export":
            self._said = self._exported()
        elif choice == "keep" or (choice == "erase_now" and was_asking):
            command: Command = KeepOneMoreYear() if choice == "keep" else Erase()
            settings = self._desk.school.snapshot.settings
            self._desk.school.do(command)
            if isinstance(command, Erase):
                self._desk.school.do(SetSetting("lang", settings.lang))
                self._said = words.text("class.erased")

    def _exported(self) -> str:
        words = self._room.words
        file = self._desk.folder / f"petit-pas-{self._desk.now().date().isoformat()}.json"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            export(self._desk.school.snapshot, file)
        except OSError:
            return words.text("class.troubles.unkept")
        except KitError as error:
            return error.say(words.lang)
        return words.text("wall.settings.exported", file=file)

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the rows, and below them where the notebook is, or what was done with it."""
        room, words = self._room, self._room.words
        items: list[Item] = []
        for row in _ROWS:
            items += self._row_items(row)
        frames = self._frames()
        for row, name, text, is_chosen in self._choices():
            frame = frames[row, name]
            fill = "sun" if is_chosen else "wood" if name == "erase_now" else "card"
            box, down = tile(room, frame, fill, (row, name) in pressed)
            size = fitting(text, room.text("sentence"), frame.width - room.px(2), is_bold=is_chosen)
            items += (box, Label(text, frame.centre[0], frame.centre[1] + down, size, is_bold=is_chosen))
        said = self._said or words.text("wall.settings.kept_in", folder=self._desk.folder)
        top = self._row(_ROWS[-1]).bottom + room.px(2)
        line = text_items(said, room.width // 2, top, room.text("sentence"), room.width - room.px(16))
        return paper_items(room), head_items(room, words.text("wall.settings.title"), pressed), tuple(items), line

    def _row_items(self, row: str) -> tuple[Item, ...]:
        room, card = self._room, self._row(row)
        text = room.words.text(f"wall.settings.{row}")
        left = card.left + room.px(11)
        size = fitting(text, room.text("name"), room.px(44) - left)
        return (
            Box(card, room.px(2.6), "cream", "edge", room.px(0.25), room.px(0.6)),
            Art(picture_of(_PICTURES[row]), card.left + room.px(6), card.centre[1], room.unit * 0.072),
            Label(text, left, card.centre[1], size, align=-1),
        )
