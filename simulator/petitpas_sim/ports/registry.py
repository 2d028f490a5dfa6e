"""Which runner has the robot of a name: what `sim://NAME` looks up."""

from __future__ import annotations

from types import TracebackType

from petitpas_sim.pace import Pace

_paces: dict[str, Pace] = {}


class Registration:
    """The robots of one runner, by name, until it closes."""

    def __init__(self, pace: Pace) -> None:
        for name in pace.runner.robots:
            if name in _paces:
                raise ValueError(f"sim://{name} is there already")
        self._names = list(pace.runner.robots)
        _paces.update(dict.fromkeys(self._names, pace))

    def close(self) -> None:
        """Free the names; ports that are open stay usable."""
        for name in self._names:
            _paces.pop(name, None)
        self._names = []

    def __enter__(self) -> Registration:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def find(name: str) -> Pace | None:
    """Return the pace of the runner that has a robot of this name, None where none has."""
    return _paces.get(name)


def names() -> list[str]:
    """Return the names of all robots that can be opened, sorted."""
    return sorted(_paces)
