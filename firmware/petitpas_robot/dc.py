"""
Two geared motors with encoders: distance and heading closed every tick, above duty and counts.

Theory of operation
===================
A reference runs along the segment's trapezoid: each tick its rate rises by a fixed amount, up to what can still be braked (see `ramp`). It
is kept in sixteenths of a count, and each wheel's own is its share of it.

Each wheel's duty is what its reference's rate needs (feed-forward), plus proportional and integral parts of its own lag, plus a part of the
difference of the two lags, which keeps the heading while one wheel is slowed down. The motor's dead band is added with the duty's sign.

A segment is complete when the reference has arrived and both wheels rest within a tolerance of it. What is left of the error belongs to the
next segment, so that errors do not add up; a robot that was moved by hand at rest begins afresh.

It ends short where a wheel has the full duty and no count for a while, or lags too far behind: something is in the way, a wire is off, or
an encoder is the wrong way round.

A motor is an object with:
  drive(permille)   signed duty, -1000 to 1000; 0 switches it off
  count()           signed counts so far, positive under positive duty
"""

from .clock import TICK_MS
from .ramp import Ramp
from .shim import const

_GRAIN = const(16)  # references and lags are in sixteenths of a count
_P = const(15)  # counts/s for a count of lag
_I = const(30)  # counts/s for a count of lag, every second
_CROSS = const(8)  # counts/s for a count by which one wheel lags more than the other
_TOLERANCE = const(4)  # counts
_LOOSE = const(12)  # counts, once the motors have had their time
_SETTLE_TICKS = const(30)
_STILL_TICKS = const(3)


class Wheel:
    """One wheel: what it was asked, what its encoder says, and its duty."""

    def __init__(self, motor, sign, kit):
        self.target = 0  # signed counts
        self.lag = 0  # grains
        self.is_stuck = False
        self._motor = motor
        self._sign = sign
        self._full_rate = kit.full_rate
        self._dead = kit.dead_permille
        self._ceiling = kit.duty_permille
        self._stall_ticks = kit.stall_ms // TICK_MS
        self._most_lag = _GRAIN * kit.counts_per_turn // 4
        self._base = 0  # signed counts where the segment begins, as it should have
        self._count = 0
        self._made = 0  # signed counts in the segment
        self._way = 1
        self._share = 0  # counts of the segment, without a sign
        self._goal = 0  # of the reference, grains without a sign
        self._part = 0  # what the share leaves of a grain
        self._step = 0  # grains that the reference has just made
        self._sum = 0  # of lags
        self._duty = 0
        self._still = 0  # ticks without a count

    def aim(self, steps):
        """Take a target."""
        self._count = self._motor.count() * self._sign
        if abs(self._base - self._count) > _LOOSE:
            self._base = self._count
        self.target = steps
        self._way = -1 if steps < 0 else 1
        self._share = abs(steps)
        self._made = self._goal = self._part = self._sum = self._still = self.lag = self._step = 0
        self.is_stuck = False

    def look(self):
        """Read the encoder."""
        count = self._motor.count() * self._sign
        self._still = self._still + 1 if count == self._count else 0
        self._count = count
        self._made = count - self._base

    def follow(self, grains, total):
        """Move the reference by this wheel's share of `grains`; `total` is the faster wheel's target."""
        if self._share == total:
            self._step = grains
        else:
            self._part += grains * self._share
            self._step = self._part // total
            self._part -= self._step * total
        self._goal += self._step
        self.lag = self._goal - _GRAIN * self._made * self._way

    def control(self, cross):
        """Set the duty; `cross` is by how many grains this wheel lags more than the other."""
        lag = self.lag
        if not self._step and abs(lag) <= _GRAIN * _TOLERANCE:
            self.drive(0)
            return
        scale = _GRAIN * self._full_rate
        rate = 100 * self._step + _P * lag + _CROSS * cross + _I * (self._sum // 100)  # grains a second
        duty = rate * (1000 - self._dead) // scale
        if duty:
            duty += self._dead if duty > 0 else -self._dead
        if abs(duty) >= self._ceiling:
            duty = self._ceiling if duty > 0 else -self._ceiling
            self.is_stuck = self._still >= self._stall_ticks
        else:
            self._sum += lag
        if abs(lag) > self._most_lag:
            self.is_stuck = True
        self.drive(duty * self._way)

    def drive(self, duty):
        """Set the duty, in the wheel's own sense."""
        if duty != self._duty:
            self._duty = duty
            self._motor.drive(duty * self._sign)

    def is_within(self, counts):
        """Say whether the wheel is this near its reference."""
        return abs(self.lag) <= _GRAIN * counts

    def is_still(self):
        """Say whether the wheel has come to rest."""
        return self._still >= _STILL_TICKS

    def arrive(self):
        """End at the target: the next segment begins there, whatever the last counts are."""
        self._base += self.target
        self._made = self.target

    def end_short(self):
        """End where it is."""
        self._base = self._count

    def steps(self):
        """Return the signed counts of the segment, none beyond its target; a wheel that was turned the other way has the other sign."""
        if not self.target:
            return self._made
        return min(self._made, self.target) if self.target > 0 else max(self._made, self.target)


class DcWheels:
    """
    The wheels of a kit with geared motors; see `hal.Hal` for move, is_moving, left_steps, right_steps, halt and is_energised.

    Args:
        left, right: motors.
        kit: a `kit.Kit`.
    """

    def __init__(self, left, right, kit):
        self._left = Wheel(left, kit.left_sign, kit)
        self._right = Wheel(right, kit.right_sign, kit)
        self._ramp = Ramp(kit.top_rate)
        self._moving = False
        self._total = 0  # counts of the faster wheel
        self._rest = 0  # grains that the reference still has to make
        self._part = 0
        self._rate = 0  # of the reference, in quarters of a count a second
        self._rise = 0  # of the rate, a tick
        self._settling = 0  # ticks since the reference has arrived

    def move(self, left, right, start_rate, cruise_rate, ramp_ms):
        """Start a segment."""
        if self._moving:
            self._end_short()
        ramp = self._ramp
        ramp.begin(start_rate, cruise_rate, ramp_ms)
        self._rate = ramp.start
        self._rise = max(1, (ramp.cruise - ramp.start) * TICK_MS // ramp_ms)
        self._left.aim(left)
        self._right.aim(right)
        self._total = max(abs(left), abs(right))
        self._rest = _GRAIN * self._total
        self._part = self._settling = 0
        self._moving = self._total > 0
        if self._moving:
            self._control()
        else:
            self.halt()

    def is_moving(self):
        """Say whether the segment is in progress."""
        return self._moving

    def left_steps(self):
        """Return the left wheel's signed counts in the segment."""
        return self._left.steps()

    def right_steps(self):
        """Return the right wheel's."""
        return self._right.steps()

    def halt(self):
        """Stop both wheels now and switch the motors off."""
        self._left.drive(0)
        self._right.drive(0)
        if self._moving:
            self._left.look()
            self._right.look()
            self._end_short()

    def is_energised(self):
        """Say whether the motors are on."""
        return self._moving

    def tick(self, now_ms):
        """Close the loop; called every TICK_MS."""
        if not self._moving:
            return
        left = self._left
        right = self._right
        left.look()
        right.look()
        self._control()
        if left.is_stuck or right.is_stuck:
            self.halt()
        elif not self._rest:
            self._settle()

    def _control(self):
        left = self._left
        right = self._right
        grains = self._advance()
        left.follow(grains, self._total)
        right.follow(grains, self._total)
        left.control(left.lag - right.lag)
        right.control(right.lag - left.lag)

    def _advance(self):
        """Move the reference for a tick and return by how many grains."""
        if not self._rest:
            return 0
        rate = min(self._rate + self._rise, self._ramp.at(self._rest // _GRAIN, self._rate))
        self._rate = rate
        self._part += rate * _GRAIN * TICK_MS
        grains = min(self._part // 4000, self._rest)
        self._part -= grains * 4000
        self._rest -= grains
        return grains

    def _settle(self):
        left = self._left
        right = self._right
        self._settling += 1
        is_late = self._settling >= _SETTLE_TICKS
        tolerance = _LOOSE if is_late else _TOLERANCE
        if left.is_within(tolerance) and right.is_within(tolerance) and (is_late or (left.is_still() and right.is_still())):
            self._moving = False
            left.drive(0)
            right.drive(0)
            left.arrive()
            right.arrive()
        elif is_late:
            self.halt()

    def _end_short(self):
        self._moving = False
        self._left.end_short()
        self._right.end_short()
