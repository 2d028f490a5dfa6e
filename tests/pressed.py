"""A panel of push-buttons on gpiozero's mock pins, and the finger that presses them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from petitpas.tangible.pins import DEFAULT, Pins, read_pins


@contextmanager
def mock_pins() -> Iterator[MockFactory]:
    """Give this computer the pins of a Raspberry Pi, all of them mocks that can dim a light."""
    before = Device.pin_factory
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


def wired(folder: Path) -> Pins:
    """Return a panel of eight buttons, with lights for GO and for EFFACER."""
    file = folder / "panneau.toml"
    text = DEFAULT.read_text(encoding="utf-8").replace("[keys]\n", "[keys]\nundo = 19\nstep = 26\n")
    file.write_text(text + "clear = 23\n", encoding="utf-8")
    return read_pins(file)


class Hand:
    """A child's finger on the pins."""

    def __init__(self, factory: MockFactory, pins: Pins) -> None:
        self._factory = factory
        self._pins = pins

    def hold(self, command: str) -> None:
        self._factory.pin(self._pins.keys[command]).drive_low()

    def let_go(self, command: str) -> None:
        self._factory.pin(self._pins.keys[command]).drive_high()

    def press(self, *commands: str) -> None:
        for command in commands:
            self.hold(command)
            self.let_go(command)

    def light(self, command: str) -> float:
        return float(self._factory.pin(self._pins.lights[command]).state)
