"""
The shell around the pages: a stack of them, pygame's events made into taps, the teacher's corner above all, and the way back.

Esc stops the robots first; when nothing runs it closes what is open, then goes back. Tab moves the focus over everything that can be
tapped, and so do the arrows where the page has no use for them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import pygame

from petitpas.classroom.records import Settings
from petitpas.errors import KitError
from petitpas.wall.buttons import Buttons, Offer
from petitpas.wall.camera import Camera
from petitpas.wall.corner import AIDS, Button, Corner, Tool
from petitpas.wall.desk import Desk
from petitpas.wall.focus import Focus, in_reading_order
from petitpas.wall.pages.first_time import ScalePage
from petitpas.wall.pages.page import FRAME_MS, IDLE_MS, Back, Go, Home, KeyName, Layers, Open, Page, Room, Spot
from petitpas.wall.pages.robot_choice import said_of
from petitpas.wall.pieces import back_spot, banner_frame, banner_items, ring_items
from petitpas.wall.taps import MOUSE, Taps
from petitpas.words import Key, Words
from petitpas_sim.view.canvas import Canvas, Painter

SIZE = (1280, 800)

SMALLEST = (320, 240)
"""Windows are laid out as at least this big; a smaller one shows a part."""

NOTICE_MS = 8000
"""A notice about this computer is shown for so long."""

MADE_OF_A_MOUSE = -1
"""The touch device of touches that SDL makes up from a mouse."""

KEYS: dict[int, KeyName] = {
    pygame.K_UP: "up",
    pygame.K_DOWN: "down",
    pygame.K_LEFT: "left",
    pygame.K_RIGHT: "right",
    pygame.K_RETURN: "enter",
    pygame.K_KP_ENTER: "enter",
    pygame.K_BACKSPACE: "backspace",
    pygame.K_DELETE: "delete",
}


BUTTONS: dict[str, KeyName] = {
    "forward": "up",
    "backward": "down",
    "left": "left",
    "right": "right",
    "go": "enter",
    "undo": "backspace",
    "clear": "delete",
}
"""The keys that buttons of a panel stand for, where a page does not have their command."""

_POINTING = ("up", "down", "left", "right", "enter")


class Shell:
    """
    The wall without its window: it can be driven and painted on any surface. `now_ms` is when it was stepped last.

    Args:
        first: the page that is there at first, and to which every way back leads.
        desk: what the pages share.
        is_calm: what moves without need is left out, whatever the teacher has set.
    """

    def __init__(self, first: Page, desk: Desk, *, is_calm: bool = False) -> None:
        self.size = SIZE
        self._pages = [first]
        self.desk = desk
        self._is_calm = is_calm
        self._corner = Corner(desk.school, lambda: self.page.aids)
        self._taps: Taps[Hashable] = Taps()
        self._canvas = Canvas()
        self._painter = Painter(self._canvas)
        self._camera = Camera(desk.folder, desk.now, desk.aside)
        self._focus = Focus()
        self.now_ms = 0
        self._wish: Tool | None = None
        self._read = ""  # the trouble whose banner was tapped away
        self._notice: Callable[[Words], str] = lambda words: ""
        self._notice_until_ms = 0
        self._is_new = True
        self.room = self._made_room()
        first.fit(self.room)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._pages[-1]

    @property
    def is_frozen(self) -> bool:
        """Whether everybody looks at the teacher."""
        return self._corner.is_frozen

    def resize(self, size: tuple[int, int]) -> None:
        """Take another size of window; what is held down is let go."""
        self.size = size
        self._is_new = True
        self._refit()

    def _made_room(self) -> Room:
        settings: Settings = self.desk.school.snapshot.settings
        if self._is_calm:
            settings = replace(settings, is_calm=True)
        return Room(max(SMALLEST[0], self.size[0]), max(SMALLEST[1], self.size[1]), Words(settings.lang), settings)

    def _refit(self) -> None:
        self.room = self._made_room()
        self._taps.forget()
        self.page.fit(self.room)

    # --- Where to go ---------------------------------------------------------------------------------------------------

    def go(self, to: Go | None) -> None:
        """Go where a page has asked to; the page that is left stops its robots."""
        if to is None or (not isinstance(to, Open) and len(self._pages) == 1):
            return
        self.page.stop()
        self.desk.sounds.quiet()
        if isinstance(to, Open):
            if to.replaces and len(self._pages) > 1:
                self._pages.pop().close()
            self._pages.append(to.make())
        else:
            keep = 1 if isinstance(to, Home) else len(self._pages) - 1
            while len(self._pages) > keep:
                self._pages.pop().close()
        self._focus.clear()
        self._refit()

    def close(self) -> None:
        """Stop and leave every page."""
        self.page.stop()
        while self._pages:
            self._pages.pop().close()
        self._camera.close()

    # --- What comes from outside ---------------------------------------------------------------------------------------

    def handle(self, event: pygame.event.Event) -> None:
        """Take one of pygame's events; those that are not for the wall do nothing."""
        if event.type == pygame.KEYDOWN:
            self._key(event)
        elif event.type in (pygame.FINGERDOWN, pygame.FINGERUP) and event.touch_id != MADE_OF_A_MOUSE:
            at = event.x * self.size[0], event.y * self.size[1]
            self._pointer((event.touch_id, event.finger_id), at, event.type == pygame.FINGERDOWN)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            if event.button == 1 and not getattr(event, "touch", False):
                self._pointer(MOUSE, event.pos, event.type == pygame.MOUSEBUTTONDOWN)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._taps.forget()
        elif event.type == pygame.WINDOWEXPOSED:
            self._is_new = True

    def _key(self, event: pygame.event.Event) -> None:
        if event.key == pygame.K_ESCAPE:
            self._escape()
        elif event.key == pygame.K_TAB:
            self._focus.next(self._focusable(), is_back=bool(getattr(event, "mod", 0) & pygame.KMOD_SHIFT))
        elif (key := KEYS.get(event.key)) is not None:
            self._do_key(key, self._focusable())

    def _focusable(self) -> list[Spot]:
        """Return what Tab goes over: what the page is for, then the way back, or what home has in its place, then the corner."""
        own, way_back = in_reading_order(self._corner.spots(self.room)), back_spot(self.room).frame
        page = sorted(in_reading_order(self.page.spots()), key=lambda spot: spot.frame == way_back)
        return own if self._corner.is_over else [*page, *own]

    def _do_key(self, key: KeyName, spots: Sequence[Spot]) -> bool:
        """Do what a key is for, its focus going over some spots; say whether it is for anything here."""
        meant = None if self._corner.is_over else self.page.keys.get(key)
        focused = self._focus.spot(spots)
        if key == "enter" and focused is not None:
            self.tap(focused.name)
        elif meant is not None:
            self._focus.clear()
            self.tap(meant)
        elif key in ("up", "down", "left", "right"):
            self._focus.move(spots, key)
        elif key == "backspace":
            if not self._corner.close():
                self.go(Back())
        else:
            return False
        return True

    def press(self, button: str) -> bool:
        """Do what a button of a panel is for; say whether it was of any use. What is the teacher's is out of its reach."""
        offer, key = self.page.offer, BUTTONS.get(button)
        if self._corner.is_over:
            return False
        if offer.is_pointing and offer.lamp != "running" and key is not None:
            pupils = [spot for spot in in_reading_order(self.page.spots()) if not spot.is_teachers]
            if ((pupils and key in _POINTING) or key in self.page.keys) and self._do_key(key, pupils):
                return True
        command = button if button in offer.commands else self.page.keys.get(key) if key is not None else None
        if command not in offer.commands:
            return False
        self._focus.clear()
        self.tap(command)
        return offer.is_useful(command)

    def _escape(self) -> None:
        if not self.page.stop() and not self._corner.close():
            self.go(Back())

    def _pointer(self, pointer: object, at: tuple[float, float], is_down: bool) -> None:
        spot = next((spot for spot in self.spots() if spot.frame.holds(*at)), None)
        name = None if spot is None else spot.name
        if is_down:
            self._focus.clear()
            self._taps.press(pointer, name, at, self.now_ms)
        elif (tapped := self._taps.release(pointer, name, at, self.now_ms)) is not None:
            self.tap(tapped)

    def tap(self, name: Hashable) -> None:
        """Do what a spot, or a key of the page, is for."""
        if not isinstance(name, Button):
            if not self._corner.is_over:
                page = self.page
                self.go(page.tap(name))
                self._let_go(page)
            return
        if name is Tool.STOP:
            self.page.stop()
        was_frozen = self.is_frozen
        if name in (Tool.FULL, Tool.SCREEN):
            self._wish = name
        elif name is Tool.BANNER:
            self._read, self._notice_until_ms = self.desk.school.snapshot.trouble, self.now_ms
        self._corner.tap(name)
        if self.is_frozen and not was_frozen:
            self.page.stop()
            self._taps.forget()
            self.desk.sounds.play("freeze")
        if name is Tool.PICTURE:
            self._camera.take(self._pictured())
        elif name is Tool.SCALE:
            self.go(Open(lambda: ScalePage(self.desk)))
        elif name in AIDS:
            self.go(self.page.aid(AIDS[name]))
        self._look()

    def _let_go(self, page: Page) -> None:
        gone = page.moved()
        if gone:
            self._taps.forget(gone.__contains__)

    # --- What is there -------------------------------------------------------------------------------------------------

    def spots(self) -> tuple[Spot, ...]:
        """Return what can be tapped now, the corner's before the page's."""
        own = self._corner.spots(self.room)
        if self._corner.is_over:
            return own
        text = self._banner()
        banner = (Spot(Tool.BANNER, banner_frame(self.room, text), True),) if text else ()
        return (*own, *banner, *self.page.spots())

    def _banner(self) -> str:
        """Return what there is to tell about this computer, until it has been read and tapped away; "" for nothing."""
        trouble, words = self.desk.school.snapshot.trouble, self.room.words
        if trouble != self._read and words.has(trouble):
            return words.text(trouble)
        return self._notice(words) if self.now_ms < self._notice_until_ms else ""

    def trouble(self, error: KitError) -> None:
        """Show what is the matter and what to do, for a while."""
        self._show(lambda words: error.say(words.lang))

    def _tell(self, key: str, /, **fields: object) -> None:
        self._show(lambda words: words.text(key, **fields))

    def _show(self, notice: Callable[[Words], str]) -> None:
        self._notice, self._notice_until_ms = notice, self.now_ms + NOTICE_MS

    def step(self, now_ms: int) -> None:
        """Let time pass; `now_ms` counts up from any start."""
        self.now_ms = now_ms
        self.desk.school.step(now_ms)
        self.desk.sounds.step(now_ms)
        self._look()
        if not self._is_new:  # the first frame is there, and does not wait for a sound card
            self.desk.sounds.wake()
        if self.desk.buttons is not None:
            self._serve(self.desk.buttons)
        page = self.page
        self.go(page.step(now_ms))
        self._let_go(page)
        if notice := self.desk.sounds.notice():
            self._tell(notice)
        if told := self._camera.news():
            self._tell(told[0], **told[1])
        if (found := self.desk.fleet.news()) and not self.page.shows_fleet:
            key, fields = said_of(found)
            self._tell(key, **fields)

    def _serve(self, buttons: Buttons) -> None:
        """Do what the buttons of a panel ask, and let its lights show what they are for."""
        for button in buttons.presses():
            if not self.press(button):
                buttons.refuse(self.now_ms)
        for button in buttons.stuck(self.now_ms):
            self._tell("panel.stuck", key=Key(f"wall.{button}"))
        buttons.show(Offer() if self._corner.is_over else self.page.offer, self.now_ms)

    def _look(self) -> None:
        """Take what the teacher has set since."""
        settings = self.desk.school.snapshot.settings
        if not self.desk.school.snapshot.trouble:
            self._read = ""
        self.desk.sounds.take(settings)
        if self._made_room().settings != self.room.settings:
            self._refit()

    def layers(self) -> Layers:
        """Return all that is on the screen, from back to front."""
        pressed = self._taps.pressed()
        focused = self._focus.spot(self.spots()) if self._focus.is_on else None
        page = () if self.is_frozen else self.page.layers(pressed)
        return (
            *page,
            banner_items(self.room, self._banner()),
            *self._corner.layers(self.room, pressed),
            ring_items(self.room, focused),
        )

    def paint(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Bring a surface up to date; return the rectangles that were painted."""
        whole, self._is_new = self._is_new, False
        return self._painter.paint(surface, self.layers(), whole)

    def _pictured(self) -> pygame.Surface:
        """Return what the wall shows, without what is told about this computer."""
        surface, nothing = pygame.Surface(self.size, 0, 32), frozenset[Hashable]()
        for layer in (*self.page.layers(nothing), *self._corner.layers(self.room, nothing)):
            self._canvas.paint(surface, layer)
        return surface

    def foresee(self) -> None:
        """While nothing moves, make some of the pictures that a next tap may bring: then its answer does not wait for them."""
        if self.page.wait_ms() > FRAME_MS:
            self._painter.prepare(self.page.foreseen())

    def wished(self) -> Tool | None:
        """Return, once, what the window is to do: FULL, fill the screen or no more, or SCREEN, go to the next one; None for nothing."""
        wish, self._wish = self._wish, None
        return wish

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        wait_ms = max(FRAME_MS, self.page.wait_ms())
        return wait_ms if self.desk.buttons is None else min(IDLE_MS, wait_ms)
