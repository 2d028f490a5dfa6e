"""From what a block means to wheel steps: whole cells and quarters, carried remainders, blocked motions. Common dialect."""

from petitpas_robot import opcodes as o
from petitpas_robot.drive import Drive
from tests.firmware.fakes import FakeHal, glider, kit

CELL, QUARTER = 1500, 700


def wheels(a_kit=None):
    hal = FakeHal()
    return hal, Drive(hal, a_kit or kit())


def made(op, amount, a_kit=None):
    """Return the segment of one motion."""
    hal, drive = wheels(a_kit)
    drive.start(op, amount)
    return hal.moves


def finish(hal, drive):
    """Have the wheels arrive, and return what the drive says."""
    assert drive.poll() == o.HOW_RUNNING
    hal.arrive()
    return drive.poll()


def test_a_motion_that_is_not_safe_ends_so_and_any_other_that_ends_short_is_blocked():
    for why in (o.HOW_BLOCKED, o.HOW_LIFTED, o.HOW_BATTERY):
        for op, how in ((o.OP_FORWARD, why), (o.OP_LEFT, why), (o.OP_UNTIL_OBSTACLE, o.HOW_DONE if why == o.HOW_BLOCKED else why)):
            hal, drive = wheels()
            hal.why = why
            drive.start(op, 2)
            hal.arrive(400)
            assert drive.poll() == how
            drive.start(op, 2)
            hal.arrive()
            assert drive.poll() in (o.HOW_DONE, o.HOW_RUNNING)


def test_cells_and_quarters_are_whole_steps():
    assert made(o.OP_FORWARD, 3) == [(3 * CELL, 3 * CELL)]
    assert made(o.OP_BACKWARD, 2) == [(-2 * CELL, -2 * CELL)]
    assert made(o.OP_LEFT, 0) == [(-QUARTER, QUARTER)]
    assert made(o.OP_RIGHT, 0) == [(QUARTER, -QUARTER)]
    assert made(o.OP_FORWARD, 255) == [(255 * CELL, 255 * CELL)]


def test_a_kit_without_a_front_moves_along_the_mat():
    assert made(o.OP_GO_UP, 2, glider()) == [(0, 2 * CELL)]
    assert made(o.OP_GO_DOWN, 1, glider()) == [(0, -CELL)]
    assert made(o.OP_GO_LEFT, 3, glider()) == [(-3 * CELL, 0)]
    assert made(o.OP_GO_RIGHT, 1, glider()) == [(CELL, 0)]


def test_whole_cells_in_millimetres_and_quarters_in_degrees_are_the_same():
    assert made(o.OP_FORWARD_MM, 450) == made(o.OP_FORWARD, 3)
    assert made(o.OP_BACKWARD_MM, 150) == made(o.OP_BACKWARD, 1)
    assert made(o.OP_LEFT_DEG, 90) == made(o.OP_LEFT, 0)
    assert made(o.OP_RIGHT_DEG, 90) == made(o.OP_RIGHT, 0)


def total(hal):
    return sum([left for left, _ in hal.moves]), sum([right for _, right in hal.moves])


def test_the_remainder_of_millimetres_is_carried():
    odd = kit(steps_per_cell=1001)
    for mm in (1, 7, 50, 149):
        hal, drive = wheels(odd)
        for times in range(1, 301):
            drive.start(o.OP_FORWARD_MM, mm)
            made_steps = total(hal)[0]
            exact = times * mm * 1001
            assert 0 <= exact - made_steps * 150 < 150, (mm, times)
        assert total(hal) == (300 * mm * 1001 // 150, 300 * mm * 1001 // 150)


def test_left_and_right_are_mirror_images():
    odd = kit(steps_per_cell=1001, steps_per_quarter=701)
    for first, second in ((o.OP_LEFT_DEG, o.OP_RIGHT_DEG), (o.OP_FORWARD_MM, o.OP_BACKWARD_MM)):
        one, drive_one = wheels(odd)
        other, drive_other = wheels(odd)
        for amount in (7, 1, 45, 13, 89):
            drive_one.start(first, amount)
            drive_other.start(second, amount)
        assert [(-left, -right) for left, right in one.moves] == other.moves


def test_forward_then_backward_comes_home():
    odd = kit(steps_per_cell=1001)
    hal, drive = wheels(odd)
    for mm in (1, 13, 149, 3, 77):
        drive.start(o.OP_FORWARD_MM, mm)
    for mm in (77, 3, 149, 13, 1):
        drive.start(o.OP_BACKWARD_MM, mm)
    assert total(hal) == (0, 0)


def test_the_remainder_of_degrees_is_carried():
    odd = kit(steps_per_quarter=701)
    for deg, times in ((1, 360), (7, 360), (45, 8), (120, 3), (359, 360)):
        hal, drive = wheels(odd)
        for _ in range(times):
            drive.start(o.OP_RIGHT_DEG, deg)
        turned = deg * times * 701
        assert turned % 90 == 0
        assert total(hal) == (turned // 90, -turned // 90)


def test_a_new_run_carries_nothing():
    odd = kit(steps_per_cell=1001)
    hal, drive = wheels(odd)
    drive.start(o.OP_FORWARD_MM, 149)
    drive.reset(0)
    drive.start(o.OP_FORWARD_MM, 149)
    assert hal.moves[0] == hal.moves[1] == (149 * 1001 // 150, 149 * 1001 // 150)


def test_a_motion_ends_done_or_blocked():
    hal, drive = wheels()
    drive.start(o.OP_FORWARD, 2)
    assert finish(hal, drive) == o.HOW_DONE
    drive.start(o.OP_FORWARD, 2)
    assert drive.poll() == o.HOW_RUNNING
    hal.arrive(500)
    assert drive.poll() == o.HOW_BLOCKED
    drive.start(o.OP_RIGHT, 0)
    hal.arrive(999)
    assert drive.poll() == o.HOW_BLOCKED


def test_nothing_to_do_is_done():
    hal, drive = wheels()
    drive.start(o.OP_FORWARD_MM, 0)
    assert drive.poll() == o.HOW_DONE
    assert hal.moves == [(0, 0)]


def test_the_nominal_heading_follows_turns_that_were_made():
    hal, drive = wheels()
    drive.reset(350)
    drive.start(o.OP_RIGHT, 0)
    assert drive.heading_deg == 350
    assert finish(hal, drive) == o.HOW_DONE
    assert drive.heading_deg == 80
    drive.start(o.OP_LEFT_DEG, 100)
    finish(hal, drive)
    assert drive.heading_deg == 340
    drive.start(o.OP_FORWARD, 1)
    finish(hal, drive)
    assert drive.heading_deg == 340
    drive.start(o.OP_RIGHT, 0)
    hal.arrive(500)
    drive.poll()
    drive.start(o.OP_RIGHT, 0)
    drive.halt()
    assert hal.halts == 1
    assert drive.heading_deg == 340


def test_until_an_obstacle_goes_cell_by_cell():
    hal, drive = wheels()
    hal.senses[o.SENSOR_DISTANCE] = 375
    drive.start(o.OP_UNTIL_OBSTACLE, 0)
    for ahead_mm in (225, 150):
        assert drive.poll() == o.HOW_RUNNING
        hal.arrive()
        hal.senses[o.SENSOR_DISTANCE] = ahead_mm
        assert drive.poll() == o.HOW_RUNNING
    hal.arrive()
    hal.senses[o.SENSOR_DISTANCE] = 149  # the kit's own threshold is 150
    assert drive.poll() == o.HOW_DONE
    assert [left for left, _ in hal.moves if left] == [CELL, CELL, CELL]


def test_until_an_obstacle_does_not_start_before_one():
    hal, drive = wheels()
    hal.senses[o.SENSOR_DISTANCE] = 75
    drive.start(o.OP_UNTIL_OBSTACLE, 0)
    assert drive.poll() == o.HOW_DONE
    assert total(hal) == (0, 0)


def test_until_an_obstacle_ends_well_where_the_way_is_barred():
    hal, drive = wheels()
    drive.start(o.OP_UNTIL_OBSTACLE, 0)
    hal.arrive(0)
    assert drive.poll() == o.HOW_DONE


def test_nothing_in_range_is_no_obstacle():
    hal, drive = wheels()
    drive.start(o.OP_UNTIL_OBSTACLE, 0)
    assert hal.moves == [(CELL, CELL)]


# --- Trims --------------------------------------------------------------------------------------------------------

MOTIONS = (
    (o.OP_FORWARD, 3),
    (o.OP_BACKWARD, 1),
    (o.OP_LEFT, 0),
    (o.OP_RIGHT, 0),
    (o.OP_FORWARD_MM, 77),
    (o.OP_BACKWARD_MM, 1),
    (o.OP_LEFT_DEG, 33),
    (o.OP_RIGHT_DEG, 200),
    (o.OP_UNTIL_OBSTACLE, 0),
)


def trimmed(trims, motions, a_kit=None):
    hal, drive = wheels(a_kit)
    drive.trim(*trims)
    for op, amount in motions:
        drive.start(op, amount)
    return hal.moves


def test_trims_of_nothing_change_nothing():
    hal, drive = wheels()
    for op, amount in MOTIONS:
        drive.start(op, amount)
    assert trimmed((0, 0, 0), MOTIONS) == hal.moves
    hal, drive = wheels()
    drive.trim(5, 6, 7)
    drive.trim(0, 0, 0)
    assert [(drive.start(op, amount), hal.moves[-1])[1] for op, amount in MOTIONS] == trimmed((0, 0, 0), MOTIONS)


def test_length_lengthens_distances_alone():
    assert trimmed((0, 100, 0), ((o.OP_FORWARD, 2), (o.OP_BACKWARD, 1), (o.OP_RIGHT, 0))) == [(3030, 3030), (-1515, -1515), (700, -700)]
    assert trimmed((0, -1000, 0), ((o.OP_FORWARD_MM, 300), (o.OP_UNTIL_OBSTACLE, 0))) == [(2700, 2700), (1350, 1350)]
    assert trimmed((0, 1000, 0), ((o.OP_GO_UP, 1), (o.OP_GO_LEFT, 2)), glider()) == [(0, 1650), (-3300, 0)]


def test_turn_widens_angles_alone():
    assert trimmed((0, 0, 100), ((o.OP_FORWARD, 1), (o.OP_RIGHT, 0), (o.OP_LEFT, 0))) == [(1500, 1500), (707, -707), (-707, 707)]
    assert trimmed((0, 0, -1000), ((o.OP_RIGHT_DEG, 180), (o.OP_LEFT_DEG, 45))) == [(1260, -1260), (-315, 315)]


def test_straight_gives_one_wheel_more_and_the_other_less():
    assert trimmed((100, 0, 0), ((o.OP_FORWARD, 2), (o.OP_BACKWARD, 2), (o.OP_RIGHT, 0))) == [(3016, 2984), (-3016, -2984), (700, -700)]
    assert trimmed((-100, 0, 0), ((o.OP_FORWARD, 1), (o.OP_UNTIL_OBSTACLE, 0))) == [(1492, 1508), (1492, 1508)]
    assert trimmed((1000, 0, 0), ((o.OP_GO_UP, 1), (o.OP_GO_RIGHT, 1)), glider()) == [(0, 1500), (1500, 0)]


def test_millimetres_add_up_to_cells_whatever_the_trims():
    for trims in ((137, -251, 0), (-1000, 1000, 0), (3, 1, 0)):
        cell = trimmed(trims, ((o.OP_FORWARD, 7),))[0]
        for op, sign in ((o.OP_FORWARD_MM, 1), (o.OP_BACKWARD_MM, -1)):
            for mm in (1, 7, 50, 150):
                moves = trimmed(trims, ((op, mm),) * (7 * 150 // mm))
                assert (sum([left for left, _ in moves]), sum([right for _, right in moves])) == (sign * cell[0], sign * cell[1])


def test_degrees_add_up_to_quarters_whatever_the_trim():
    for turn in (137, -251, 1000):
        quarter = trimmed((0, 0, turn), ((o.OP_LEFT, 0),))[0]
        moves = trimmed((0, 0, turn), ((o.OP_LEFT_DEG, 1),) * 90)
        assert (sum([left for left, _ in moves]), sum([right for _, right in moves])) == quarter


def test_a_trimmed_motion_arrives_and_turns_the_nominal_angle():
    hal, drive = wheels()
    drive.trim(100, 200, 300)
    drive.reset(0)
    for op in (o.OP_FORWARD, o.OP_RIGHT, o.OP_FORWARD):
        drive.start(op, 1)
        assert finish(hal, drive) == o.HOW_DONE
    assert drive.heading_deg == 90
