"""
A panel of push-buttons and lights on the pins of a Raspberry Pi. The only file that imports gpiozero; its errors end here.

gpiozero hears the buttons in threads of its own, which do nothing but put a press into a queue; lights are set by the loop, so that their
time is the loop's. Where the pins cannot dim a light, it is on or off.
"""

from __future__ import annotations

import sys
import warnings
from contextlib import ExitStack, chdir
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from petitpas.errors import PanelError, PanelMissing
from petitpas.tangible.lights import brightness
from petitpas.tangible.pins import TERMINALS, Pins
from petitpas.tangible.presses import Presses
from petitpas.wall.buttons import Offer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EXTRA = ("gpiozero", "lgpio")
"""What a Raspberry Pi needs besides: the project's extra `panel`."""

_STEPS = 64
"""A light has so many levels: who changes it less often has less to say to the pins."""


class Panel:
    """
    The buttons and lights of a pin file, until `close`.

    Raises:
        PanelMissing: this computer has no such pins, or gpiozero is not installed.
        PanelError: a pin is in use already, or does not do what it is for.
    """

    def __init__(self, pins: Pins) -> None:
        self._presses = Presses()
        self._levels: dict[str, int] = {}
        self._answered_ms: int | None = None
        gpiozero = _pins_here()
        with ExitStack() as opened:
            self._buttons = {command: opened.enter_context(self._button(gpiozero, pins, command)) for command in pins.keys}
            self._lights = {command: opened.enter_context(self._light(gpiozero, pins, command)) for command in pins.lights}
            self._opened = opened.pop_all()

    def _button(self, gpiozero: Any, pins: Pins, command: str) -> Any:
        pin = pins.keys[command]
        # Not a Button: each of those has a thread that measures how long it is held.
        made = partial(gpiozero.DigitalInputDevice, pin, pull_up=True, bounce_time=pins.bounce_ms / 1000)
        button = _claimed(gpiozero, made, pins, f"keys.{command}", pin)
        button.when_activated = partial(self._presses.put, command)
        return button

    def _light(self, gpiozero: Any, pins: Pins, command: str) -> Any:
        pin = pins.lights[command]

        def made() -> Any:
            try:
                return gpiozero.PWMLED(pin)
            except gpiozero.PinPWMUnsupported:
                return gpiozero.LED(pin)

        return _claimed(gpiozero, made, pins, f"lights.{command}", pin)

    def presses(self) -> Sequence[str]:
        """Return the commands whose buttons went down since the last call, in their order."""
        return self._presses.take()

    def stuck(self, now_ms: int) -> Sequence[str]:
        """Return, once each, the commands whose buttons have been down for a minute."""
        return self._presses.stuck([command for command, button in self._buttons.items() if button.is_active], now_ms)

    def refuse(self, now_ms: int) -> None:
        """Let the lights blink once, shortly."""
        self._answered_ms = now_ms

    def show(self, offer: Offer, now_ms: int) -> None:
        """Bring the lights up to date."""
        for command, light in self._lights.items():
            level = round(_STEPS * brightness(command, offer, now_ms, self._answered_ms))
            if level != self._levels.get(command):
                self._levels[command] = level
                light.value = level / _STEPS

    def close(self) -> None:
        """Put the lights out, and let the pins go."""
        lights, self._lights = self._lights, {}
        for light in lights.values():
            light.off()
        self._buttons = {}
        self._opened.close()


def _pins_here() -> Any:
    """Return gpiozero where this computer has pins for it."""
    try:
        import gpiozero
    except ImportError as error:
        raise PanelMissing("panel_library", packages=" ".join(_EXTRA), python=sys.executable) from error
    try:
        # lgpio, when it is imported, makes a pipe in the current folder: a stick takes none, and a protected one takes nothing.
        with warnings.catch_warnings(), TemporaryDirectory(ignore_cleanup_errors=True) as folder, chdir(folder):
            warnings.simplefilter("ignore")  # it tells of each library for pins that is not there
            gpiozero.Device.ensure_pin_factory()
    except (gpiozero.GPIOZeroError, OSError) as error:
        raise PanelMissing from error
    return gpiozero


def _claimed(gpiozero: Any, made: Callable[[], Any], pins: Pins, where: str, pin: int) -> Any:
    """Return what stands on a pin, or tell that it cannot be had."""
    refusals = [gpiozero.GPIOZeroError, OSError]
    if (lgpio := sys.modules.get("lgpio")) is not None:
        refusals.append(lgpio.error)  # what holds the pin is another program: gpiozero lets this through
    try:
        return made()
    except tuple(refusals) as error:
        is_busy = isinstance(error, gpiozero.GPIOPinInUse) or "busy" in str(error).lower()
        code = "panel_busy" if is_busy else "panel_refuses"
        raise PanelError(code, path=pins.path, where=where, pin=pin, terminal=TERMINALS[pin], detail=error) from error
