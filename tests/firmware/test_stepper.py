"""Stepper wheels on a state machine that runs their real program: every half-step, when it comes, what a halt leaves. Common dialect."""

from tests.firmware import contract
from tests.firmware.board import MOTOR_PINS, BoardBench, bench

CELL, QUARTER = 2994, 1568
RATES = (300, 800, 300)
PATTERNS = (0b0001, 0b0011, 0b0010, 0b0110, 0b0100, 0b1100, 0b1000, 0b1001)
# The opposite wheel is the mirror image: which way a pattern goes when the wheel rolls forward.
WAYS = (1, -1)


def coils(since=0):
    """Return what each wheel's coils have been given, as two lists of (us, pattern)."""
    lists = ([], [])
    for us, what, who, value in bench.log[since:]:
        if what == "coils":
            lists[who].append((us, value))
    return lists


def drive(desk, left, right, rates=RATES):
    """Make a segment; return its beginning and each wheel's patterns and times."""
    since = len(bench.log)
    begun = bench.us
    desk.hal.move(left, right, *rates)
    desk.finish()
    assert contract.steps(desk.hal) == (left, right)
    return begun, coils(since)


def turns(events):
    """Return the sum of half-steps between neighbours, each of which is one, up or down."""
    total = 0
    for (_, one), (_, other) in zip(events, events[1:]):
        step = (PATTERNS.index(other) - PATTERNS.index(one)) & 7
        assert step in (1, 7), (one, other)
        total += 1 if step == 1 else -1
    return total


def test_every_half_step_is_one_pattern_further():
    desk = BoardBench(play_steps=0)
    for left, right in ((CELL, CELL), (QUARTER, -QUARTER), (-QUARTER, QUARTER), (-CELL, -CELL), (7, 7), (-1, 1)):
        _, events = drive(desk, left, right)
        for wheel, steps in enumerate((left, right)):
            assert turns(events[wheel]) == steps * WAYS[wheel]
            assert len(events[wheel]) == abs(steps) + 1  # the first shows where the rotor stands


def test_a_segment_begins_with_the_pattern_on_which_the_last_one_ended():
    desk = BoardBench()
    last = [None, None]
    for left, right in ((13, 13), (-5, 3), (100, 100), (-1, -1), (QUARTER, -QUARTER)):
        _, events = drive(desk, left, right)
        for wheel in range(2):
            assert last[wheel] in (None, events[wheel][0][1])
            last[wheel] = events[wheel][-1][1]


def test_the_trapezoid_is_kept():
    desk = BoardBench(play_steps=0)
    for steps in (CELL, QUARTER, 400, 200):
        begun, (events, _) = drive(desk, steps, steps)
        times = [us - begun for us, _ in events][1:]
        for number, us in enumerate(times):
            assert abs(us - ideal_us(number + 1, steps)) < 14000, (steps, number)  # the slices are of 20 ms
        periods = [later - earlier for earlier, later in zip(times, times[1:])]
        assert min(periods) >= 1250 - 1  # 800 half-steps a second, and never more
        assert max(periods) <= 3334 + 6
        for one, other in zip(periods, periods[1:]):  # and no jerk: the rate changes by less than a sixth at once
            assert abs(one - other) * 6 < one + other
    assert 3800 < sum_ms(desk, CELL) < 4050
    assert 2100 < sum_ms(desk, QUARTER) < 2300


def sum_ms(desk, steps):
    """Return how long a segment takes."""
    begun, (events, _) = drive(desk, steps, steps)
    return (events[-1][0] - begun) // 1000


def ideal_us(steps, total, start=300, cruise=800, ramp_ms=300):
    """Return when a perfect trapezoid has made `steps`, in floats."""
    gain = (cruise - start) * 1000.0 / ramp_ms
    ramp = (start + cruise) * ramp_ms / 2000.0
    if total < 2 * ramp:
        ramp = total / 2.0
        cruise = (start * start + 2 * gain * ramp) ** 0.5

    def ramp_s(s):
        return ((start * start + 2 * gain * s) ** 0.5 - start) / gain

    if steps <= ramp:
        return ramp_s(steps) * 1e6
    if steps <= total - ramp:
        return (ramp_s(ramp) + (steps - ramp) / cruise) * 1e6
    return (2 * ramp_s(ramp) + (total - 2 * ramp) / cruise - ramp_s(total - steps)) * 1e6


def test_the_cap_holds_whatever_is_asked():
    desk = BoardBench(play_steps=0)
    for rates in ((300, 5000, 300), (4000, 5000, 10), (1000, 1000, 1)):
        _, (events, _) = drive(desk, 3000, 3000, rates)
        for (earlier, _), (later, _) in zip(events[1:], events[2:]):
            assert later - earlier >= 999


def test_both_wheels_start_at_once_and_stay_together():
    desk = BoardBench(play_steps=0)
    for left, right in ((CELL, CELL), (QUARTER, -QUARTER), (3040, 2950), (-3000, -2900), (300, 1), (0, 200)):
        since = len(bench.log)
        begun, events = drive(desk, left, right)
        started = [us for us, what, _, value in bench.log[since:] if what == "active" and value]
        assert started == [begun, begun]
        if abs(left) == abs(right):
            assert [us for us, _ in events[0]] == [us for us, _ in events[1]]
        most = max(abs(left), abs(right))
        for wheel, steps in enumerate((left, right)):
            assert turns(events[wheel]) == steps * WAYS[wheel]
            for number, (us, _) in enumerate(events[wheel][1:]):
                other = events[0 if abs(left) == most else 1][1:]
                share = (number + 1) * most // abs(steps)
                assert abs(us - other[min(share, most) - 1][0]) < 45000


def test_a_halt_counts_every_half_step():
    desk = BoardBench(play_steps=0)
    rotor = [0, 0]
    for ticks, left, right in ((1, 3000, 3000), (7, 3000, 3000), (33, -2000, 2000), (120, 3000, 2950), (2, 5, 5), (0, 50, 50)):
        since = len(bench.log)
        desk.hal.move(left, right, *RATES)
        desk.tick(ticks)
        bench.advance(3210)
        desk.hal.halt()
        made = contract.steps(desk.hal)
        assert bench.levels(MOTOR_PINS) == [0] * 8
        assert not desk.hal.is_energised()
        events = coils(since)
        for wheel in range(2):
            patterns = [event for event in events[wheel] if event[1]]
            assert turns(patterns) == made[wheel] * WAYS[wheel], (ticks, wheel)
            rotor[wheel] += turns(patterns)
            assert PATTERNS[rotor[wheel] & 7] == patterns[-1][1]
        desk.tick(20)
        assert contract.steps(desk.hal) == made
        assert bench.levels(MOTOR_PINS) == [0] * 8


def test_gear_play_is_made_up_and_not_counted():
    desk = BoardBench()
    assert desk.kit.play_steps == 23
    for left, right, play in ((100, 100, (0, 0)), (-100, -100, (23, 23)), (-50, -50, (0, 0)), (60, -60, (23, 0)), (-9, 9, (23, 23))):
        _, events = drive(desk, left, right)
        for wheel, steps in enumerate((left, right)):
            assert abs(turns(events[wheel])) == abs(steps) + play[wheel], (left, right)
        # The wheel that need not turn back waits for the other.
        assert abs(events[0][-1][0] - events[1][-1][0]) < 100


def test_a_halt_while_play_is_taken_up_leaves_the_rest_of_it():
    desk = BoardBench()
    drive(desk, 10, 10)
    desk.hal.move(-100, -100, *RATES)
    desk.tick(3)
    bench.advance(1000)
    desk.hal.halt()
    assert contract.steps(desk.hal) == (0, 0)
    since = len(bench.log)
    desk.hal.move(-100, -100, *RATES)
    desk.finish()
    rest = [abs(turns(events)) - 100 for events in coils(since)]
    assert rest[0] == rest[1]
    assert 5 < rest[0] < 20
    _, events = drive(desk, 10, 10)
    assert [abs(turns(wheel)) for wheel in events] == [33, 33]


def test_the_motors_go_on_smoothly_while_the_firmware_does_not():
    desk = BoardBench(play_steps=0)
    desk.hal.move(CELL, CELL, *RATES)
    desk.tick(100)
    since = len(bench.log)
    bench.advance(60000)  # six ticks are missed
    desk.finish()
    times = [us for us, _ in coils(since)[0]]
    assert max([later - earlier for earlier, later in zip(times, times[1:])]) < 3340
    assert contract.steps(desk.hal) == (CELL, CELL)


def test_coils_are_switched_off_some_time_after_rest():
    desk = BoardBench()
    drive(desk, 50, 50)
    assert desk.hal.is_energised()
    desk.tick(29)
    assert desk.hal.is_energised()
    assert sum(bench.levels(MOTOR_PINS)) > 0
    desk.tick(2)
    assert not desk.hal.is_energised()
    assert bench.levels(MOTOR_PINS) == [0] * 8
    drive(desk, 50, 50)
    assert desk.hal.is_energised()
