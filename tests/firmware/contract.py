"""
The contract of a HAL, one function a clause. Common dialect: fakes, the world and a board under MicroPython are all held to it.

A bench is a HAL, `hal`, and what its surroundings do to it:
  go_half()       the segment comes about half-way        finish()    it ends by itself
  bar()           something will be in the way: of three cells, the second or third cannot be reached any more
  send(data)      the host sends bytes                    received()  what the host has received
  block_cable()   the cable takes nothing any more
  apart           where it has one: steps by which the wheels may be out of step under way, in closed loop
"""

from petitpas_robot import opcodes as o

CELL, QUARTER = 3000, 1571
RATES = (300, 800, 300)
SWITCHES = [o.SENSOR_BUMP, o.SENSOR_LIFT]
SWITCHES.extend(range(o.SENSOR_KEY, o.SENSOR_KEY + o.KEY_GO + 1))
PERMILLE = [o.SENSOR_LINE_LEFT, o.SENSOR_LINE_RIGHT, o.SENSOR_LIGHT]
PERMILLE.extend(SWITCHES)
SEGMENTS = ((CELL, CELL), (-CELL, -CELL), (QUARTER, -QUARTER), (-QUARTER, QUARTER), (1, 1), (-1, 1))


def steps(hal):
    return hal.left_steps(), hal.right_steps()


def clause_segments_are_made_to_the_step(bench):
    hal = bench.hal
    for left, right in SEGMENTS:
        hal.move(left, right, *RATES)
        assert hal.is_moving()
        assert steps(hal) == (0, 0)
        if abs(left) > 1:
            bench.go_half()
            made_left, made_right = steps(hal)
            assert 0 < made_left * (1 if left > 0 else -1) < abs(left)
            assert abs(made_left * right - made_right * left) <= getattr(bench, "apart", 0) * abs(left)
            assert hal.is_moving()
        bench.finish()
        assert not hal.is_moving()
        assert steps(hal) == (left, right)
        hal.halt()
        assert steps(hal) == (left, right)


def clause_at_rest(bench):
    assert not bench.hal.is_moving()
    assert steps(bench.hal) == (0, 0)
    bench.hal.halt()
    assert not bench.hal.is_moving()


def clause_a_segment_of_nothing_is_over_at_once(bench):
    bench.hal.move(0, 0, *RATES)
    assert not bench.hal.is_moving()
    assert steps(bench.hal) == (0, 0)


def clause_halt_stops_where_it_is(bench):
    hal = bench.hal
    hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    hal.halt()
    assert not hal.is_moving()
    made = steps(hal)
    apart = getattr(bench, "apart", 0)  # and a real motor rolls on a little
    assert abs(made[0] - made[1]) <= apart
    assert 0 < made[0] < 2 * CELL
    hal.halt()
    assert max([abs(now - then) for now, then in zip(steps(hal), made)]) <= apart


def clause_a_barred_segment_ends_short_of_its_target(bench):
    hal = bench.hal
    bench.bar()
    hal.move(3 * CELL, 3 * CELL, *RATES)
    assert hal.is_moving()
    bench.finish()
    assert not hal.is_moving()
    left, right = steps(hal)
    assert left == right
    assert 0 < left < 3 * CELL
    assert hal.why_short() in (o.HOW_BLOCKED, o.HOW_LIFTED, o.HOW_BATTERY)


def clause_halt_keeps_what_each_wheel_made(bench):
    hal = bench.hal
    hal.move(2 * QUARTER, -2 * QUARTER, *RATES)
    bench.go_half()
    hal.halt()
    left, right = steps(hal)
    assert 0 < left < 2 * QUARTER
    assert abs(left + right) <= getattr(bench, "apart", 0)
    assert not hal.is_moving()
    assert steps(hal) == (left, right)
    hal.move(-QUARTER, QUARTER, *RATES)  # and it counts for nothing in the next
    assert steps(hal) == (0, 0)
    bench.finish()
    assert steps(hal) == (-QUARTER, QUARTER)


def clause_the_same_segment_again_begins_anew(bench):
    hal = bench.hal
    hal.move(CELL, CELL, *RATES)
    bench.go_half()
    made = hal.left_steps()
    hal.move(CELL, CELL, *RATES)
    assert steps(hal) == (0, 0)
    bench.go_half()
    assert 0 < hal.left_steps() < CELL
    assert made > 0
    bench.finish()
    assert steps(hal) == (CELL, CELL)


def clause_wheels_with_unlike_targets_stay_in_step(bench):
    hal = bench.hal
    for left, right in ((CELL, CELL - 30), (30 - CELL, -CELL)):
        hal.move(left, right, *RATES)
        bench.go_half()
        made_left, made_right = steps(hal)
        most = max(abs(left), abs(right))
        assert 0 < abs(made_left) < abs(left)
        assert abs(made_left * right - made_right * left) <= (1 + getattr(bench, "apart", 0)) * most
        bench.finish()
        assert steps(hal) == (left, right)


def clause_current_flows_while_it_moves_and_never_after_halt(bench):
    hal = bench.hal
    assert not hal.is_energised()
    hal.move(CELL, CELL, *RATES)
    assert hal.is_energised()
    bench.go_half()
    assert hal.is_energised()
    hal.halt()
    assert not hal.is_energised()
    hal.move(100, 100, *RATES)
    bench.finish()
    hal.halt()  # at rest it switches off what still holds
    assert not hal.is_energised()
    hal.move(0, 0, *RATES)
    assert not hal.is_energised()


def clause_a_new_segment_replaces_the_one_in_progress(bench):
    hal = bench.hal
    hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    hal.move(-500, -500, *RATES)
    assert hal.is_moving()
    assert steps(hal) == (0, 0)
    bench.finish()
    assert not hal.is_moving()
    assert steps(hal) == (-500, -500)


def clause_a_segment_of_nothing_replaces_too(bench):
    hal = bench.hal
    hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    hal.move(0, 0, *RATES)
    assert not hal.is_moving()
    assert steps(hal) == (0, 0)


def clause_segments_follow_each_other(bench):
    hal = bench.hal
    for left, right in [(CELL, CELL), (QUARTER, -QUARTER), (-QUARTER, QUARTER), (-CELL, -CELL)]:
        hal.move(left, right, *RATES)
        bench.finish()
        assert not hal.is_moving()
        assert steps(hal) == (left, right)


def clause_sensors_read_their_unit(bench):
    distance = bench.hal.sense(o.SENSOR_DISTANCE)
    assert distance is None or 0 <= distance < 0xFFFF
    for sensor in PERMILLE:
        value = bench.hal.sense(sensor)
        assert isinstance(value, int)
        assert 0 <= value <= 1000
    for sensor in SWITCHES:
        assert bench.hal.sense(sensor) == 0


def clause_light_and_tone_take_all_they_may_be_asked(bench):
    for colour in range(o.COLOUR_GREEN + 1):
        bench.hal.light(colour)
    for hz, ms in ((8, 65535), (12543, 1), (440, 0), (0, 0)):
        bench.hal.tone(hz, ms)


def clause_battery_is_in_millivolts_or_not_there(bench):
    battery = bench.hal.battery_mv()
    assert battery is None or 1000 < battery < 0xFFFF


def clause_the_cable_gives_what_was_sent_in_pieces_that_fit(bench):
    data = bytes(range(150))
    buf = bytearray(64)
    assert bench.hal.read(buf) == 0
    bench.send(data)
    got = b""
    count = bench.hal.read(buf)
    while count:
        assert count <= len(buf)
        got += bytes(buf[:count])
        count = bench.hal.read(buf)
    assert got == data


def clause_the_cable_takes_the_first_bytes_of_a_buffer(bench):
    count = bench.hal.write(bytearray(b"Petit Pas, and more"), 9)
    assert 0 < count <= 9
    assert bench.received() == b"Petit Pas"[:count]


def clause_a_cable_that_takes_nothing_says_so(bench):
    bench.block_cable()
    assert bench.hal.write(bytearray(10), 10) == 0


CLAUSES = tuple([value for name, value in sorted(globals().items()) if name.startswith("clause_")])
