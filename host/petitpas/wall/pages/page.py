"""
What a page is: an object that says what is drawn and what can be tapped, and is told what was tapped.

Pages know nothing of pygame's events, of fingers or of each other's stack: the shell turns events into taps on their spots, and does what
a tap answers. A page that is shown again after another gets `fit` again; one that is left for good gets `close`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal

from petitpas.classroom.records import Settings
from petitpas.wall.buttons import Offer
from petitpas.words import Words
from petitpas_sim.view.palette import TEXT_SIZES
from petitpas_sim.view.scene import Frame, Item

Layers = tuple[tuple[Item, ...], ...]

KeyName = Literal["up", "down", "left", "right", "enter", "backspace", "delete"]
"""The keys that pages may give a meaning of their own."""

AidName = Literal["robot", "together", "turned"]
"""What the teacher's corner offers for a page: another robot, GO together with a robot on the floor, the mat as the robot sees it."""

FRAME_MS = 16
IDLE_MS = 50
STILL_MS = 250
"""How long the loop may sleep while something moves, while a robot is waited for, and while nothing happens but taps, which wake it."""


@dataclass(frozen=True)
class Room:
    """
    What a page is laid out for: the window in pixels, the words of the language to show, and what the teacher has set.

    The unit is one hundredth of the height, less on narrow windows.
    """

    width: int
    height: int
    words: Words
    settings: Settings = field(default_factory=Settings)

    @cached_property
    def unit(self) -> float:
        """Pixels of a unit."""
        return min(self.height, self.width * 0.77) / 100

    @property
    def frame(self) -> Frame:
        """The whole window."""
        return Frame(0, 0, self.width, self.height)

    @property
    def is_calm(self) -> bool:
        """Whether what moves without need is left out."""
        return self.settings.is_calm

    @property
    def px_per_mm(self) -> float | None:
        """The true scale of the screen; None: not measured yet."""
        return None if self.settings.scale_px_per_m is None else self.settings.scale_px_per_m / 1000

    def px(self, units: float) -> int:
        """Return a length in pixels, at least 1."""
        return max(1, round(units * self.unit))

    def text(self, role: str) -> int:
        """Return the size of text in pixels for a role of TEXT_SIZES."""
        return max(6, round(TEXT_SIZES[role] * self.unit * 100 / 1080))


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that can be tapped; what is the teacher's may be above the ceiling of what a pupil reaches, and smaller."""

    name: Hashable
    frame: Frame
    is_teachers: bool = False


@dataclass(frozen=True)
class Open:
    """
    Go to another page, which is made once this one has stopped its robots.

    With `replaces` this one is closed before the other is made, and the way back leads past it.
    """

    make: Callable[[], Page]
    replaces: bool = False


@dataclass(frozen=True)
class Back:
    """Go back to the page before, as far as the first."""


@dataclass(frozen=True)
class Home:
    """Go back to the first page."""


Go = Open | Back | Home


class Page:
    """
    A page that shows nothing: a page overrides what it has.

    `keys` names the spot or command that a key taps here; arrows that are not in it move the focus, Enter taps what has it, and Backspace
    goes back.
    """

    keys: ClassVar[Mapping[KeyName, Hashable]] = {}
    shows_fleet: ClassVar[bool] = False
    """Whether the page itself shows what is plugged in: no banner tells it over the page's title."""

    _moved: frozenset[Hashable] = frozenset()
    """What `moved` will tell."""

    def fit(self, room: Room) -> None:
        """Take another size, language or setting; called before anything else, and whenever one of these changes."""

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return all that is drawn, from back to front; `pressed` are the names of the spots that are held down."""
        return ()

    def foreseen(self) -> Layers:
        """Return a part of what a next tap may bring, another at each call; nothing once all of it was given."""
        return ()

    def spots(self) -> Iterable[Spot]:
        """Return what can be tapped now; no two overlap."""
        return ()

    @property
    def offer(self) -> Offer:
        """What the buttons of a panel are for now."""
        return Offer()

    def tap(self, name: Hashable) -> Go | None:
        """Do what a spot, or a key of `keys`, is for; say where to go, None to stay."""
        return None

    @property
    def aids(self) -> Mapping[AidName, bool]:
        """What the teacher's corner offers for this page, and whether it is in use."""
        return {}

    def aid(self, name: AidName) -> Go | None:
        """Do what one of `aids` is for; say where to go, None to stay."""
        return None

    def step(self, now_ms: int) -> Go | None:
        """Let time pass: `now_ms` counts up from any start; say where to go, None to stay."""
        return None

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return STILL_MS

    def moved(self) -> frozenset[Hashable]:
        """Return, once, the names of spots whose meaning has changed since: fingers that hold them down are let go."""
        moved, self._moved = self._moved, frozenset()
        return moved

    def stop(self) -> bool:
        """Stop every robot at once, whatever this page believes; say whether something was running."""
        return False

    def close(self) -> None:
        """Let robots and cables go: this page is left for good."""
