"""
Two stepper motors: a segment becomes words that a state machine executes by itself, a few slices ahead of time.

Theory of operation
===================
A *word* is (steps, duration): so many half-steps, evenly spread over so many microseconds; with no steps it is a pause. Each wheel's coils
have a queue of words in hardware and step through it in the processor's own clock, whatever the firmware does meanwhile. Each tick fills
the queues with slices of the trapezoid, of about SLICE_MS each, so that the hardware always has some 80 ms to do.

Speed follows distance, not time (see `ramp`), so that a slice of n steps from rate v to rate w takes 2n/(v + w) and the segment ends on its
last step at the rate at which it began.

Both wheels get slices of the same durations; the one with fewer steps gets its share of them. What rounding leaves of a duration goes into
the next slice, so that the wheels stay together.

Gears have play: after a change of direction a wheel first takes it up, at the start rate, before the segment begins and without counting;
the other wheel waits meanwhile.

The last word of all has no steps: once it has left the queue, every step before it has been made.

A wheel's coils are an object with:
  begin(phase, way)   energise the pattern of `phase`, 0 to 7, ready to go up (1) or down (-1) from there; the queue is empty and stopped
  put(steps, us)      queue a word; there is room; returns the microseconds that it will take, within a few of `us` for each step
  waiting()           words that have not yet begun, 0 to QUEUE
  run()               begin with the queue
  stop()              stand still now, where it is
  rest()              after stop: steps of the word that has begun which were not made
  release()           switch the coils off and forget the queue
"""

from array import array

from .clock import diff
from .ramp import Ramp
from .shim import const

QUEUE = const(4)
_SLICE_MS = const(20)
_RING = const(7)  # mask of the index of a ring of 8 words: those of a queue, and the one that has begun
_MOST_STEPS = const(128)  # of a slice: keeps its duration's sum within 31 bits

_PLAY = const(0)  # stages of a motion
_SEGMENT = const(1)
_ALL = const(2)  # the last word is queued too


class Wheel:
    """One wheel: where its rotor and its gears stand, and what it was given to do."""

    def __init__(self, coils, sign, play_steps):
        self.coils = coils
        self.way = 1  # of the segment: 1 forward, -1 backward
        self.target = 0  # steps of the segment, without a sign
        self.play = 0  # steps before it, to take up the play
        self.made = 0  # steps made for sure, play and segment
        self.share = 0  # steps of the stage
        self._sign = sign
        self._play_steps = play_steps
        self._slack = 0  # steps that a forward motion would need to take up the play; backward needs the others
        self._phase = 0
        self._words = array("H", [0] * (_RING + 1))
        self._sum = 0  # of the shares of the stage
        self._late_us = 0  # what rounding has left of durations

    def aim(self, steps):
        """Take a target, at rest."""
        self.way = -1 if steps < 0 else 1
        self.target = abs(steps)
        self.play = 0
        if steps:
            self.play = self._slack if steps > 0 else self._play_steps - self._slack
        self.made = 0
        self._late_us = 0

    def begin(self):
        """Energise the coils, ready to go."""
        self.coils.begin(self._phase, self.way * self._sign)

    def stage(self, steps):
        """Begin a stage of so many steps."""
        self.share = steps
        self._sum = 0

    def queue(self, number, steps, total, us):
        """Queue word `number`: this wheel's share of `steps` of `total`, in `us`."""
        if steps and self.share != total:
            self._sum += self.share * steps
            steps = self._sum // total
            self._sum -= steps * total
        self._words[number & _RING] = steps
        us += self._late_us
        self._late_us = us - self.coils.put(steps, us)

    def done(self, number):
        """Count word `number` as made."""
        self.made += self._words[number & _RING]

    def halt(self, words, done):
        """Stop counting: of `words` queued, `done` are counted; those since and a part of the last to have begun are made."""
        coils = self.coils
        current = words - coils.waiting() - 1
        while done <= current:
            self.done(done)
            done += 1
        if current >= 0:
            self.made -= coils.rest()

    def settle(self):
        """Take over where the motion has ended: rotor, gears."""
        self._phase = (self._phase + self.way * self._sign * self.made) & 7
        self._slack -= self.way * min(self.made, self.play)

    def steps(self):
        """Return the signed steps of the segment that are made for sure."""
        return self.way * (self.made - self.play) if self.made > self.play else 0


class StepperWheels:
    """
    The wheels of a kit with stepper motors; see `hal.Hal` for move, is_moving, left_steps, right_steps, halt and is_energised.

    Args:
        left, right: coils.
        kit: a `kit.Kit`.
    """

    def __init__(self, left, right, kit):
        self._left = Wheel(left, kit.left_sign, kit.play_steps)
        self._right = Wheel(right, kit.right_sign, kit.play_steps)
        self._ramp = Ramp(kit.top_rate)
        self._rest_ms = kit.rest_ms
        self._stage = _ALL
        self._moving = False
        self._energised = False
        self._rest_since = None  # when the motors have come to rest; None: not yet noted
        self._words = 0  # queued for each wheel
        self._done = 0  # counted as made
        self._from = 0  # steps of the faster wheel in this stage
        self._total = 1
        self._rate = 0  # where it has come to, in quarters of a step a second

    def move(self, left, right, start_rate, cruise_rate, ramp_ms):
        """Start a segment."""
        self._stop()
        self._ramp.begin(start_rate, cruise_rate, ramp_ms)
        self._rate = self._ramp.start
        self._left.aim(left)
        self._right.aim(right)
        self._words = self._done = 0
        self._moving = bool(left or right)
        if self._moving:
            self._energised = True
            self._rest_since = None
            self._left.begin()
            self._right.begin()
            self._begin(_PLAY, self._left.play, self._right.play)
            self._fill(0)
            self._left.coils.run()
            self._right.coils.run()

    def is_moving(self):
        """Say whether the segment is in progress."""
        if self._moving and self._stage == _ALL and not self._left.coils.waiting() and not self._right.coils.waiting():
            self._count(self._words)
            self._settle()
        return self._moving

    def left_steps(self):
        """Return the left wheel's signed steps, exact at rest, at the last tick's slice in motion."""
        return self._left.steps()

    def right_steps(self):
        """Return the right wheel's."""
        return self._right.steps()

    def halt(self):
        """Stop both wheels now and switch the coils off."""
        self._stop()
        if self._energised:
            self._left.coils.release()
            self._right.coils.release()
            self._energised = False

    def is_energised(self):
        """Say whether the coils are on."""
        return self._energised

    def tick(self, now_ms):
        """Keep the queues full; switch the coils off some time after the motors have come to rest."""
        if self.is_moving():
            waiting = max(self._left.coils.waiting(), self._right.coils.waiting())
            self._count(self._words - waiting - 1)
            self._fill(waiting)
        elif self._energised:
            if self._rest_since is None:
                self._rest_since = now_ms
            if diff(now_ms, self._rest_since) >= self._rest_ms:
                self.halt()

    # --- Slices -------------------------------------------------------------------------------------------------------

    def _begin(self, stage, left, right):
        self._stage = stage
        self._left.stage(left)
        self._right.stage(right)
        self._from = 0
        self._total = max(left, right)

    def _fill(self, waiting):
        while waiting < QUEUE and self._stage != _ALL:
            if self._from < self._total:
                self._slice()
            elif self._stage == _PLAY:
                self._begin(_SEGMENT, self._left.target, self._right.target)
                continue
            else:
                self._stage = _ALL
                self._left.queue(self._words, 0, self._total, 0)
                self._right.queue(self._words, 0, self._total, 0)
                self._words += 1
            waiting += 1

    def _slice(self):
        """Queue the next slice of the stage for both wheels."""
        rate = self._rate
        steps = min(max(1, rate * _SLICE_MS // 4000), self._total - self._from, _MOST_STEPS)
        self._from += steps
        if self._stage == _SEGMENT:
            self._rate = self._ramp.at(min(self._from, self._total - self._from), self._rate)
        us = steps * 8000000 // (rate + self._rate)
        self._left.queue(self._words, steps, self._total, us)
        self._right.queue(self._words, steps, self._total, us)
        self._words += 1

    def _count(self, words):
        while self._done < words:
            self._left.done(self._done)
            self._right.done(self._done)
            self._done += 1

    def _stop(self):
        if self.is_moving():
            left = self._left
            right = self._right
            left.coils.stop()
            right.coils.stop()
            left.halt(self._words, self._done)
            right.halt(self._words, self._done)
            self._settle()

    def _settle(self):
        self._left.settle()
        self._right.settle()
        self._moving = False
