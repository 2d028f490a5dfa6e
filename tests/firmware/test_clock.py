"""The firmware's time: a count that wraps. Common dialect."""

from petitpas_robot import clock

LAST = clock.MASK
HALF = (LAST + 1) // 2


def test_time_goes_on_across_the_wrap():
    assert clock.add(LAST, 1) == 0
    assert clock.add(LAST - 5, 10) == 4
    assert clock.diff(4, LAST - 5) == 10
    assert clock.diff(LAST - 5, 4) == -10


def test_diff_undoes_add_from_everywhere():
    for now_ms in (0, 1, 12345, HALF - 1, HALF, HALF + 1, LAST - 4999, LAST - 1, LAST):
        for ms in (0, 1, 10, 65535, 1000000, HALF - 1):
            later_ms = clock.add(now_ms, ms)
            assert 0 <= later_ms <= LAST
            assert later_ms == (now_ms + ms) % (LAST + 1)
            assert clock.diff(later_ms, now_ms) == ms
            assert clock.diff(now_ms, later_ms) == -ms


def test_half_the_count_away_is_the_past():
    assert clock.diff(HALF, 0) == -HALF
    assert clock.diff(HALF - 1, 0) == HALF - 1
