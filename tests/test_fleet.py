"""Which robots are plugged in: each port is asked once, those in use never, and what comes back is news again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from petitpas.errors import KitError
from petitpas.robots import FoundPort
from petitpas.robots.animals import ANIMALS
from petitpas.robots.doctor import Doctor, Finding
from petitpas.robots.fleet import Fleet


class Ports:
    """This computer's ports, and who answers at them: a robot's name, or a finding's code with a star before it."""

    def __init__(self, **there: str) -> None:
        self.there = there
        self.asked: list[str] = []

    def fleet(self, urls: Sequence[str] = ()) -> Fleet:
        doctor = Doctor(ports=lambda: [FoundPort(url, "", url != "modem") for url in self.there])
        object.__setattr__(doctor, "examine", lambda url: [self.answer(url)])
        return Fleet(doctor, urls)

    def answer(self, url: str) -> Finding:
        self.asked.append(url)
        who = self.there[url]
        if who == "?":
            raise KitError("module_missing")
        return Finding(who[1:], {"port": url}) if who.startswith("*") else Finding("well", {"port": url, "robot": who})


def animals(fleet: Fleet) -> dict[str, str]:
    return {robot.url: robot.animal for robot in fleet.robots}


def news(fleet: Fleet) -> list[str]:
    found = []
    while told := fleet.news():
        found.append(told.animal or told.finding.code)
    return found


def test_each_port_that_comes_is_asked_once() -> None:
    ports = Ports(usb0="lapin", modem="nobody")
    fleet = ports.fleet()
    for _ in range(3):
        fleet.look()
    assert (ports.asked, animals(fleet), news(fleet)) == (["usb0"], {"usb0": "lapin"}, ["lapin"])
    ports.there["usb1"] = "renard"
    fleet.look()
    assert (animals(fleet), news(fleet)) == ({"usb0": "lapin", "usb1": "renard"}, ["renard"])
    del ports.there["usb0"]
    fleet.look()
    assert animals(fleet) == {"usb1": "renard"}
    ports.there["usb0"] = "lapin"
    fleet.look()
    assert news(fleet) == ["lapin"]


def test_two_rabbits_and_one_without_a_name_are_told_apart() -> None:
    fleet = Ports(a="lapin", b="lapin", c="robot").fleet()
    fleet.look()
    assert len(set(animals(fleet).values())) == 3
    assert animals(fleet)["a"] == "lapin" and set(animals(fleet).values()) <= {animal.name for animal in ANIMALS}


def test_a_port_in_use_is_left_alone_and_one_that_was_lost_is_news_again() -> None:
    ports = Ports(usb0="lapin")
    fleet = ports.fleet()
    fleet.hold("usb0")
    fleet.look()
    assert ports.asked == []
    fleet.release("usb0")
    fleet.look()
    fleet.hold("usb0")
    fleet.look()
    fleet.release("usb0")
    fleet.look()
    assert ports.asked == ["usb0"] and news(fleet) == ["lapin"]
    fleet.release("usb0", is_lost=True)
    fleet.look()
    assert news(fleet) == ["lapin"]


def test_after_a_dialogue_a_robot_is_news_only_if_it_has_become_another() -> None:
    ports = Ports(usb0="lapin")
    fleet = ports.fleet()
    fleet.look()
    assert news(fleet) == ["lapin"]
    for name, told in (("lapin", []), ("renard", ["renard"]), ("renard", [])):
        fleet.hold("usb0")
        ports.there["usb0"] = name
        fleet.ask_again("usb0")
        fleet.look()
        assert animals(fleet) == {"usb0": name} and news(fleet) == told


@pytest.mark.parametrize("code", ["busy", "gone"])
def test_a_port_that_does_not_answer_yet_is_asked_again(code: str) -> None:
    ports = Ports(usb0=f"*{code}")
    fleet = ports.fleet()
    fleet.look()
    assert fleet.robots == ()
    ports.there["usb0"] = "lapin"
    fleet.look()
    assert animals(fleet) == {"usb0": "lapin"}


@pytest.mark.parametrize("who", ["*no_petitpas", "*silent", "?"])
def test_a_board_that_is_no_robot_is_told_once(who: str) -> None:
    ports = Ports(usb0=who)
    fleet = ports.fleet()
    for _ in range(2):
        fleet.look()
    assert animals(fleet) == {"usb0": ""} and ports.asked == ["usb0"] and len(news(fleet)) == 1


def test_urls_that_no_list_has_are_robots_too() -> None:
    ports = Ports()
    fleet = ports.fleet(["socket://127.0.0.1:5331", "/dev/petitpas-nowhere"])
    ports.there = {}
    answer = Finding("well", {"robot": "ours"})
    ports.answer = lambda url: answer  # type: ignore[method-assign]
    fleet.look()
    assert animals(fleet) == {"socket://127.0.0.1:5331": "ours"}
