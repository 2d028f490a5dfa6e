"""The robot on its own: a child at its keys, with no host and no cable. Common dialect."""

from petitpas_robot import opcodes as o
from petitpas_robot.keyed import MAX_CARDS
from tests.firmware.fakes import Desk


class Child:
    """Presses keys of a robot that nobody else talks to."""

    def __init__(self, files=None):
        self.desk = Desk(hello=False, files=files)
        self.hal = self.desk.hal
        self.switch(True)
        straight = self.desk.app.drive._kit
        self.cell = straight.steps_per_cell
        self.quarter = straight.steps_per_quarter

    def switch(self, is_program):
        """Put the switch at program, or at direct."""
        self.hal.senses[o.SENSOR_MODE] = 1000 if is_program else 0

    def press(self, *keys):
        """Press and let go keys, one after the other."""
        for key in keys:
            self.hal.press(key)
            self.desk.tick()
            self.hal.press(key, False)
            self.desk.tick()

    def watch(self, ticks=400):
        """Let the robot run, its wheels arriving at once, and return the segments that it made."""
        before = len(self.hal.moves)
        for _ in range(ticks):
            if self.hal.moving:
                self.hal.arrive()
            self.desk.tick()
        return self.hal.moves[before:]


def test_a_child_programs_runs_stops_clears_and_runs_again():
    child = Child()
    child.press(o.KEY_FORWARD, o.KEY_FORWARD, o.KEY_RIGHT, o.KEY_BACKWARD)
    assert child.hal.counts == [1, 2, 3, 4]
    assert child.hal.moves == []
    child.press(o.KEY_GO)
    cell, quarter = child.cell, child.quarter
    assert child.hal.moves[:1] + child.watch() == [(cell, cell), (cell, cell), (quarter, -quarter), (-cell, -cell)]
    child.press(o.KEY_GO)
    child.desk.tick()
    assert child.hal.moving
    child.press(o.KEY_GO)
    assert not child.hal.moving
    assert child.desk.app.vm.how == o.HOW_STOPPED
    child.press(o.KEY_CLEAR)
    assert child.hal.counts[-1] == 0
    child.press(o.KEY_GO)
    assert child.watch() == []
    child.press(o.KEY_LEFT)
    child.press(o.KEY_GO)
    assert child.hal.moves[-1:] == [(-quarter, quarter)]


def test_cards_are_added_to_those_that_have_run():
    child = Child()
    child.press(o.KEY_FORWARD, o.KEY_GO)
    child.watch()
    child.press(o.KEY_LEFT, o.KEY_GO)
    made = child.hal.moves[-1:] + child.watch()
    assert made == [(child.cell, child.cell), (-child.quarter, child.quarter)]


def test_a_rest_stands_between_two_cards():
    child = Child()
    child.press(o.KEY_FORWARD, o.KEY_FORWARD, o.KEY_GO)
    child.hal.arrive()
    ticks = 0
    while not child.hal.moving:
        child.desk.tick()
        ticks += 1
    assert 30 <= ticks <= 31


def test_pause_waits_a_second():
    child = Child()
    child.press(o.KEY_PAUSE, o.KEY_FORWARD, o.KEY_GO)
    ticks = 0
    while not child.hal.moving:
        child.desk.tick()
        ticks += 1
    assert 127 <= ticks <= 131  # the second, and the rest behind the card


def test_with_the_switch_at_direct_a_key_moves_at_once_and_keeps_nothing():
    child = Child()
    child.press(o.KEY_LEFT)
    child.switch(False)
    child.press(o.KEY_FORWARD)
    assert child.hal.moves == [(child.cell, child.cell)]
    child.watch(5)
    child.switch(True)
    child.press(o.KEY_GO)
    assert child.hal.moves[-1] == (-child.quarter, child.quarter)


def test_two_keys_at_once_are_none():
    child = Child()
    child.hal.press(o.KEY_FORWARD)
    child.hal.press(o.KEY_GO)
    child.desk.tick(3)
    child.hal.press(o.KEY_FORWARD, False)
    child.desk.tick(3)
    child.hal.press(o.KEY_GO, False)
    child.desk.tick(3)
    assert child.hal.counts == []
    assert child.hal.moves == []
    child.press(o.KEY_FORWARD)
    assert child.hal.counts == [1]


def test_keys_but_go_do_nothing_while_it_runs():
    child = Child()
    child.press(o.KEY_FORWARD, o.KEY_GO)
    child.press(o.KEY_LEFT, o.KEY_CLEAR, o.KEY_PAUSE)
    assert child.hal.counts == [1]
    assert child.hal.moving


def test_at_least_two_hundred_cards_and_no_more_than_fit():
    child = Child()
    child.press(*[o.KEY_RIGHT] * (MAX_CARDS + 10))
    assert MAX_CARDS >= 200
    assert child.hal.counts[-1] == MAX_CARDS
    child.press(o.KEY_GO)
    made = child.hal.moves[-1:] + child.watch(MAX_CARDS * 40)
    assert made == [(child.quarter, -child.quarter)] * MAX_CARDS


def test_keyed_cards_are_there_after_the_power_has_gone():
    files = {}
    child = Child(files)
    child.press(o.KEY_FORWARD, o.KEY_GO)
    child.watch()
    child = Child(files)
    child.press(o.KEY_GO)
    assert child.hal.moves == [(child.cell, child.cell)]


def test_what_was_emptied_does_not_come_back_with_the_power():
    files = {}
    child = Child(files)
    child.press(o.KEY_FORWARD, o.KEY_GO)
    child.watch()
    child.press(o.KEY_CLEAR)
    child.watch(2)
    child = Child(files)
    child.press(o.KEY_GO)
    assert child.watch() == []
    child.press(o.KEY_LEFT, o.KEY_GO)
    child.watch()
    child = Child(files)
    child.press(o.KEY_GO)
    assert child.hal.moves == [(-child.quarter, child.quarter)]


def test_a_key_that_stays_down_counts_once():
    child = Child()
    child.hal.press(o.KEY_FORWARD)
    child.desk.tick(100)
    assert child.hal.counts == [1]
