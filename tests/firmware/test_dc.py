"""Geared motors on recorded PWM, with shafts that turn and encoders that interrupt. Common dialect."""

from tests.firmware import contract
from tests.firmware.board import DC, MOTOR_PINS, BoardBench, bench

WAYS = (1, -1)
"""The right motor is mounted as the left one's mirror image."""


def test_counts_follow_the_wheel_both_ways():
    desk = BoardBench(DC)
    for left, right in ((1028, 1028), (-538, 538), (-300, -300), (800, 760)):
        before = [shaft.counts for shaft in desk.shafts]
        desk.hal.move(left, right, 100, 686, 300)
        desk.finish()
        assert contract.steps(desk.hal) == (left, right)
        for wheel, steps in enumerate((left, right)):
            assert abs((desk.shafts[wheel].counts - before[wheel]) * WAYS[wheel] - steps) <= 12
        assert bench.levels(MOTOR_PINS[:4]) == [0] * 4
        assert not desk.hal.is_energised()


def test_both_motors_get_their_duty_at_once():
    for left, right in ((1028, 1028), (538, -538), (-500, -450)):
        desk = BoardBench(DC)
        begun = bench.us
        desk.hal.move(left, right, 100, 686, 300)
        assert bench.us == begun
        for pins in (MOTOR_PINS[:2], MOTOR_PINS[2:4]):
            one, other = bench.levels(pins)
            assert one != other


def test_unlike_motors_go_straight_all_along():
    desk = BoardBench(DC)
    desk.shafts[0].gain = 0.8
    desk.shafts[1].gain = 1.15
    desk.hal.move(4 * 1028, 4 * 1028, 100, 686, 300)
    worst = 0
    while desk.hal.is_moving():
        desk.tick()
        worst = max(worst, abs(desk.shafts[0].counts + desk.shafts[1].counts))
    assert worst < 40  # 4 mm apart, 2 degrees, while they speed up
    assert abs(desk.shafts[0].counts + desk.shafts[1].counts) <= 12


def test_what_is_left_of_an_error_goes_into_the_next_segment():
    for times, counts in ((10, 500), (40, 100), (60, 30)):
        desk = BoardBench(DC)
        desk.shafts[0].gain = 0.8
        desk.shafts[1].gain = 1.15
        for _ in range(times):
            desk.hal.move(counts, counts, 100, 686, 300)
            desk.finish()
        assert abs(desk.shafts[0].counts - times * counts) <= 12
        assert abs(desk.shafts[1].counts + times * counts) <= 12


def test_the_speed_of_a_segment_is_the_one_asked_for():
    desk = BoardBench(DC)
    for cruise, top in ((686, 686), (5000, 822)):
        desk.hal.move(3000, 3000, 100, cruise, 300)
        desk.tick(150)
        before = desk.shafts[0].counts
        desk.tick(100)
        assert abs(desk.shafts[0].counts - before - top) <= 8
        desk.finish()


def test_the_duty_keeps_below_its_ceiling():
    desk = BoardBench(DC, duty_permille=500)
    desk.shafts[0].gain = 0.3
    desk.hal.move(2000, 2000, 100, 686, 300)
    for _ in range(300):
        desk.tick()
        levels = bench.levels(MOTOR_PINS[:4])
        assert abs(levels[0] - levels[1]) <= 501
        assert abs(levels[2] - levels[3]) <= 501


def test_a_motor_in_trouble_ends_the_segment_soon():
    for trouble in ("stuck", "no encoder", "no motor", "the wrong way round"):
        desk = BoardBench(DC)
        shaft = desk.shafts[1]
        if trouble == "stuck":
            shaft.is_stuck = True
        elif trouble == "no encoder":
            shaft.has_encoder = False
        elif trouble == "no motor":
            shaft.gain = 0.0
        else:
            shaft.gain = -1.0
        desk.hal.move(3000, 3000, 100, 686, 300)
        ticks = 0
        while desk.hal.is_moving():
            desk.tick()
            ticks += 1
        assert ticks < 120, trouble
        assert desk.hal.right_steps() < 3000
        assert bench.levels(MOTOR_PINS[:4]) == [0] * 4


def test_a_robot_moved_by_hand_does_not_go_back():
    desk = BoardBench(DC)
    desk.hal.move(500, 500, 100, 686, 300)
    desk.finish()
    desk.shafts[0]._at += 700.0
    desk.tick()
    before = desk.shafts[0].counts
    assert before > 1100
    desk.hal.move(500, 500, 100, 686, 300)
    desk.finish()
    assert abs(desk.shafts[0].counts - before - 500) <= 12
