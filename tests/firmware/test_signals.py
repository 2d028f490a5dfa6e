"""Keys, switches, distance, lines, pixels and buzzer on a board that stands in. Common dialect."""

from petitpas_robot import opcodes as o
from tests.firmware.board import (
    BATTERY_PIN,
    BUMPER_PIN,
    BUZZER_PIN,
    ECHO_PIN,
    KEY_PINS,
    LIFT_PIN,
    LINE_PINS,
    MODE_PIN,
    TRIGGER_PIN,
    BoardBench,
    bench,
)


def test_keys_are_believed_when_they_have_settled():
    desk = BoardBench()
    for key, pin in enumerate(KEY_PINS):
        for level in (0, None, 0, None, 0):  # it bounces
            bench.drive(pin, level)
        desk.tick()
        assert desk.hal.sense(o.SENSOR_KEY + key) == 0
        desk.tick(5)
        assert [desk.hal.sense(o.SENSOR_KEY + other) for other in range(7)] == [1000 if other == key else 0 for other in range(7)]
        bench.drive(pin, None)
        desk.tick(5)
        assert desk.hal.sense(o.SENSOR_KEY + key) == 0


def test_a_whole_hand_presses_nothing():
    desk = BoardBench()
    for pin in KEY_PINS[:4]:
        bench.drive(pin, 0)
    desk.tick(10)
    for pin in KEY_PINS[:3]:
        desk.hold(pin, False)
        assert sum([desk.hal.sense(o.SENSOR_KEY + key) for key in range(7)]) == 0
    desk.hold(KEY_PINS[3], False)
    desk.hold(KEY_PINS[2])
    assert desk.hal.sense(o.SENSOR_KEY + 2) == 1000


def test_switches_and_lines():
    desk = BoardBench()
    for pin, sensor in ((BUMPER_PIN, o.SENSOR_BUMP), (LIFT_PIN, o.SENSOR_LIFT), (MODE_PIN, o.SENSOR_MODE)):
        desk.hold(pin)
        assert desk.hal.sense(sensor) == 1000
        desk.hold(pin, False)
        assert desk.hal.sense(sensor) == 0
    for pin, sensor in zip(LINE_PINS, (o.SENSOR_LINE_LEFT, o.SENSOR_LINE_RIGHT)):
        for raw, permille in ((65535, 0), (0, 1000), (32768, 500)):
            bench.lines[pin].adc = raw
            assert abs(desk.hal.sense(sensor) - permille) <= 1


def answer(desk, us):
    """Answer the pulses of a quarter of a second with echoes of so many microseconds."""
    for _ in range(25):
        since = len(bench.log)
        desk.tick()
        if us and (1, TRIGGER_PIN) in [(value, who) for _, what, who, value in bench.log[since:] if what == "pin"]:
            bench.advance(400)
            bench.drive(ECHO_PIN, 1)
            bench.advance(us)
            bench.drive(ECHO_PIN, 0)


def test_distance_is_measured_without_waiting():
    desk = BoardBench()
    bench.drive(ECHO_PIN, 0)
    for us, mm in ((1000, 171), (583, 99), (5831, 1000), (0, None), (20000, 3430), (30000, None)):
        answer(desk, us)
        measured = desk.hal.sense(o.SENSOR_DISTANCE)
        assert (measured is None) == (mm is None)
        if mm is not None:
            assert abs(measured - mm - desk.kit.sonar_mm) <= 2
    pulses = [(us, value) for us, what, who, value in bench.log if what == "pin" and who == TRIGGER_PIN]
    rises = [us for us, value in pulses if value]
    assert min([later - earlier for earlier, later in zip(rises, rises[1:])]) >= 59000
    for (rise, up), (fall, down) in zip(pulses[::2], pulses[1::2]):
        assert (up, down) == (1, 0)
        assert 10 <= fall - rise < 60


def test_an_echo_that_never_ends_is_nothing():
    desk = BoardBench()
    answer(desk, 1000)
    assert desk.hal.sense(o.SENSOR_DISTANCE) is not None
    bench.drive(ECHO_PIN, 1)
    desk.tick(200)
    assert desk.hal.sense(o.SENSOR_DISTANCE) is None


def test_pixels_are_sent_only_when_they_change():
    desk = BoardBench()
    hal = desk.hal
    sent = len(bench.frames)
    for _ in range(5):
        hal.light(o.COLOUR_GREEN)
        desk.tick(3)
    assert len(bench.frames) == sent + 1
    assert bench.frames[-1] == bytes((43, 0, 0)) * 8
    hal.light(o.COLOUR_OFF)
    desk.tick()
    assert bench.frames[-1] == bytes(24)
    for colour in range(o.COLOUR_GREEN + 1):
        hal.light(colour)
        desk.tick()
        assert max(bench.frames[-1]) <= desk.kit.pixel_level


def lit(frame):
    """Return the colours of a frame's pixels, 0 for a dark one."""
    return [frame[at : at + 3] if any(frame[at : at + 3]) else 0 for at in range(0, 24, 3)]


def test_pixels_count_cards_and_go_around():
    desk = BoardBench()
    for count in range(1, 41):
        desk.hal.show_count(count)
        desk.tick()
        pixels = lit(bench.frames[-1])
        full = (count - 1) % 8 + 1
        assert len(set(pixels[:full])) == 1
        assert pixels[0] != 0
        if count <= 8:
            assert pixels[full:] == [0] * (8 - full)
        elif full < 8:
            assert pixels[7] not in (0, pixels[0])
    desk.hal.show_count(0)
    desk.tick(100)
    assert bench.frames[-1] == bytes(24)


def test_the_running_step_is_seen_on_every_colour():
    desk = BoardBench()
    for colour in range(o.COLOUR_GREEN + 1):
        desk.hal.light(colour)
        for number in (0, 7, 8, 13):
            desk.hal.show_step(number)
            desk.tick()
            pixels = lit(bench.frames[-1])
            others = pixels[: number % 8] + pixels[number % 8 + 1 :]
            assert len(set(others)) == 1
            assert pixels[number % 8] not in (0, others[0])
        desk.hal.light(o.COLOUR_PINK)  # a light block under way does not hide the step
        desk.tick()
        assert len(set(lit(bench.frames[-1]))) == 2
        desk.hal.show_step(None)
        desk.tick()
        assert len(set(lit(bench.frames[-1]))) == 1


def test_the_memory_is_emptied_visibly():
    desk = BoardBench()
    desk.hal.show_count(5)
    desk.tick()
    sent = len(bench.frames)
    desk.hal.show_count(0)
    desk.tick(100)
    rows = [8 - lit(frame).count(0) for frame in bench.frames[sent:]]
    assert rows == [8, 6, 4, 2, 0]


def test_a_low_battery_shows():
    desk = BoardBench()
    bench.lines[BATTERY_PIN].adc = 4400 * 65535 // 6600
    desk.tick(300)
    assert lit(bench.frames[-1])[:7] == [0] * 7
    assert lit(bench.frames[-1])[7] != 0
    desk.hal.light(o.COLOUR_BLUE)
    desk.tick()
    assert lit(bench.frames[-1])[7] != lit(bench.frames[-1])[0]
    bench.lines[BATTERY_PIN].adc = 5200 * 65535 // 6600
    desk.tick(300)
    assert lit(bench.frames[-1]) == lit(bench.frames[-1])[:1] * 8


def heard(desk, ticks):
    """Return for how long each tone of some ticks is heard, in ms."""
    tones = []
    was = False
    for _ in range(ticks):
        duty = bench.level(BUZZER_PIN)
        assert duty <= desk.kit.buzzer_permille
        if duty and not was:
            tones.append(0)
        was = duty > 0
        if was:
            tones[-1] += 10
        desk.tick()
    return tones


def test_a_note_that_lasts_is_struck_again_so_that_no_tone_is_long():
    desk = BoardBench()
    for ms, strikes in ((490, 1), (1000, 2), (2100, 5), (65535, 60)):
        desk.hal.tone(440, ms)
        tones = heard(desk, 3000)
        assert len(tones) == strikes
        assert max(tones) < 500
        assert abs(sum(tones) - min(ms, 30000)) <= 60 * strikes
    desk.hal.tone(0, 0)
    desk.tick()
    assert bench.level(BUZZER_PIN) == 0


def test_volume_is_a_part_of_the_kits_ceiling():
    desk = BoardBench()
    ceiling = desk.kit.buzzer_permille
    for percent, duty in ((100, ceiling), (50, ceiling // 2), (4, ceiling // 25), (0, 0), (100, ceiling)):
        desk.hal.set_volume(percent)
        desk.hal.tone(440, 100)
        assert abs(bench.level(BUZZER_PIN) - duty) <= 1
        desk.tick(12)


def test_a_tone_ends_by_itself_and_keeps_its_ceiling():
    desk = BoardBench()
    for hz, ms, real in ((440, 200, 200), (880, 440, 440), (8, 100, 0), (12543, 100, 0), (440, 0, 0), (0, 0, 0)):
        desk.hal.tone(hz, ms)
        assert abs(sum(heard(desk, 80)) - real) <= 10, hz
    desk.hal.tone(440, 400)
    assert bench.slices[3].hz == 440
    desk.hal.tone(0, 0)
    assert bench.level(BUZZER_PIN) == 0
