"""
The HAL of a simulated robot with flaws: the firmware's own drivers above motors, switches and sensors that are not as drawn.

What motors do is in `motors` and `steppers`, what wheels and gears make of it in `rolling`, the senses are in `senses` and `switches`.

Theory of operation
===================
While something turns, or has just been touched, the robot is *busy* and ticked every TICK_MS. Each tick the motors turn for as long as the
last one lasted, gears and wheels follow, and the body rolls along an arc, where nothing is in the way. Then the drivers look and act, as on
the board. At rest nothing changes, and ticks can be left out.
"""

from __future__ import annotations

from math import pi
from typing import Any, Protocol

from petitpas_robot import clock, opcodes
from petitpas_robot.kit import Kit
from petitpas_sim import floor
from petitpas_sim.body import Body
from petitpas_sim.hal import RobotEnd, WorldHal
from petitpas_sim.mat import CELL_MM
from petitpas_sim.rolling import GEAR_PLAY_DEG, Flaws, Gear
from petitpas_sim.senses import Cells, Sonar, floor_permille
from petitpas_sim.switches import Switches
from petitpas_sim.world import World

TICK_MS: int = clock.TICK_MS

NOMINAL_MV = 5000
"""Voltage at which a motor does what its kit says."""


def draw_flaws(kit: Kit, seed: int) -> Flaws:
    """Return the flaws of robot number `seed` of a kit with a board, within what the body allows; raise ValueError for another kit."""
    board = with_board(kit)
    turn_steps = board.steps_per_cell * pi * board.wheel_um / 1000 / CELL_MM
    return Flaws.draw(seed, _made_up(board), turn_steps, GEAR_PLAY_DEG[board.wheels])


def with_board(kit: Kit) -> Any:
    """Return a kit as one with a board: these have more figures, of which its class does not know."""
    if kit.board is None:
        raise ValueError(f"{kit.name}: a kit without a board has no flaws")
    return kit


def _made_up(board: Any) -> int:
    """Return the steps of gear play that a kit's driver makes up."""
    steps: int = board.play_steps if board.wheels == "stepper" else 0
    return steps


class Motor(Protocol):
    """A motor as the world sees it; what its driver sees besides is in `dc` and `stepper`."""

    def is_still(self) -> bool:
        """Say whether it stands, and will until its driver does something."""

    def turn(self, ms: int, volts: float) -> float:
        """Turn for a time at a share of the nominal voltage; return by how many steps, in the motor's own sense."""

    def hold(self, made: float) -> None:
        """Take back what it has just made: it could not."""


class HardwareHal(WorldHal):
    """
    One body with flaws and one end of a cable.

    As on the board, nothing moves while the robot is lifted or its battery is empty, and not forward while its bumper is pressed.

    Args:
        board: a kit with a board.
        flaws: what is wrong with the robot.
        motors: the left one and the right one.
        wheels: the firmware's driver of these: `dc.DcWheels` or `stepper.StepperWheels`.
        files: see `WorldHal`.
    """

    def __init__(
        self,
        world: World,
        body: Body,
        cable: RobotEnd,
        board: Any,
        flaws: Flaws,
        motors: tuple[Motor, Motor],
        wheels: Any,
        files: dict[str, bytes] | None = None,
    ) -> None:
        super().__init__(world, body, cable, files)
        self.grip = (1.0, 1.0)  # of each wheel in this segment
        self._flaws = flaws
        self._motors = motors
        self._signs = (board.left_sign, board.right_sign)
        self._gears = tuple(Gear(_made_up(board) + play) for play in (flaws.left_play, flaws.right_play))
        self._wheels = wheels
        self._is_ahead = False  # the segment goes forward
        self._why: int = opcodes.HOW_BLOCKED  # why the last segment would have ended short
        self._turned_ms = world.t_ms  # the motors have turned up to here
        self._sonar = Sonar(world, body, board.sonar_mm, flaws.seed)
        self._cells = Cells(board, flaws.battery_mv, flaws.seed)
        self._switches = Switches(body, flaws.seed)
        self._switches.look(world.t_ms)

    # --- Wheels -------------------------------------------------------------------------------------------------------

    def move(self, left_steps: int, right_steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """Begin a segment, unless it is not safe."""
        self._sonar.listen()  # to the pulses of the time at rest, while it stands where they were sent
        self._turn()
        self._is_ahead = left_steps > 0 and right_steps > 0
        danger = self._danger()
        self._why = danger or opcodes.HOW_BLOCKED
        if danger:
            left_steps = right_steps = 0
        self._wheels.move(left_steps, right_steps, start_rate, cruise_rate, ramp_ms)
        self._note_motion()

    def is_moving(self) -> bool:
        """Say whether the segment goes on."""
        return bool(self._wheels.is_moving())

    def left_steps(self) -> int:
        """Return the left wheel's steps in the segment, as its driver knows them."""
        return int(self._wheels.left_steps())

    def right_steps(self) -> int:
        """Return the right wheel's."""
        return int(self._wheels.right_steps())

    def why_short(self) -> int:
        """Return what was not safe, else that something was in the way."""
        return self._why

    def halt(self) -> None:
        """Stop now, and switch the motors off."""
        self._turn()
        self._wheels.halt()
        self._note_motion()

    def is_energised(self) -> bool:
        """Say whether current flows in a motor; stepper coils hold for a while at rest."""
        return bool(self._wheels.is_energised())

    def tick(self, now_ms: int) -> None:
        """Turn, look, and drive on where that is safe."""
        self._turn()
        self._switches.look(self._world.t_ms)
        danger = self._danger()
        if danger and self.is_moving():
            self._wheels.halt()
            self._why = danger
        self._wheels.tick(now_ms)
        self._note_motion()

    def until(self, now_ms: int) -> int:
        """Return a tick while the wheels move: their driver needs each."""
        return TICK_MS if self.is_moving() else 0

    def is_busy(self) -> bool:
        """Say whether the drivers need the next tick."""
        return self.is_energised() or not self._stands() or not self._switches.is_settled(self._world.t_ms)

    def _stands(self) -> bool:
        return all(motor.is_still() for motor in self._motors)

    def _turn(self) -> None:
        """Let the motors turn up to now."""
        while self._turned_ms < self._world.t_ms:
            ms = min(TICK_MS, self._world.t_ms - self._turned_ms)
            self._turned_ms += ms
            is_energised = self.is_energised()
            if is_energised:
                self._cells.use(ms)
            if not self._stands():
                self._roll(ms, self._cells.real_mv(is_energised) / NOMINAL_MV)
            elif not is_energised:
                self._turned_ms = self._world.t_ms

    def _roll(self, ms: int, volts: float) -> None:
        """Turn the motors, and the body with them where nothing holds it; off the floor they turn alone."""
        made = [motor.turn(ms, volts) for motor in self._motors]
        gaps = [gear.gap for gear in self._gears]
        left, right = (gear.follow(sign * steps) for gear, sign, steps in zip(self._gears, self._signs, made, strict=True))
        left_grip, right_grip = self.grip
        if not self._body.lifted and not self._world.roll(self._body, left * left_grip, right * right_grip):
            for motor, steps, gear, gap in zip(self._motors, made, self._gears, gaps, strict=True):
                motor.hold(steps)
                gear.gap = gap

    def _note_motion(self) -> None:
        """Tell the world whether the wheels move."""
        if self.is_moving():
            self._body.is_rolling = True
        elif self._body.is_rolling:
            self._world.rest(self._body)

    def _danger(self) -> int:
        """Return why the wheels may not turn so now, as an outcome; 0 where they may."""
        self._cells.measure(self._world.t_ms, self.is_energised())
        danger: int = opcodes.HOW_BATTERY if self._cells.is_empty() else 0
        if self._switches.sense(opcodes.SENSOR_LIFT):
            danger = opcodes.HOW_LIFTED
        elif self._is_ahead and self._world.is_pressed(self._body):
            danger = opcodes.HOW_BLOCKED
        return danger

    # --- Senses -------------------------------------------------------------------------------------------------------

    def sense(self, sensor: int) -> int | None:
        """Read a sensor."""
        if sensor == opcodes.SENSOR_DISTANCE:
            return self._sonar.mm()
        if sensor in (opcodes.SENSOR_LINE_LEFT, opcodes.SENSOR_LINE_RIGHT):
            permille = floor.blurred_permille(self._world.mat, *self._under(sensor))
            return floor_permille(permille, self._flaws.seed, sensor, self._world.t_ms)
        if sensor == opcodes.SENSOR_LIGHT:
            return super().sense(sensor)
        if sensor == opcodes.SENSOR_BUMP:
            return 1000 if self._world.is_pressed(self._body) else 0
        return self._switches.sense(sensor)

    def steady(self, test: int, threshold: int) -> int:
        """Return 0: sensors with noise are looked at every tick."""
        return 0

    def keys(self) -> int:
        """Return the key that is down."""
        return self._switches.keys()

    def battery_mv(self) -> int | None:
        """Return the battery's voltage, as the board sees it."""
        self._cells.measure(self._world.t_ms, self.is_energised())
        return self._cells.mv()
