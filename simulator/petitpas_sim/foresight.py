"""
For how long a body surely goes on seeing what it sees: what lets a robot that looks ahead at every tick skip most of its looks.

Theory of foresight
===================
Between two changes of anybody's way, everything moves along known straight lines, no faster than it cruises. So the distance to a thing
ahead cannot pass a threshold before both have covered what lies between; what is found is a time before which it does not, never one at
which it does. A body that turns beside something near, or that comes near to another, is ticked.
Whoever looks is told when somebody else changes his way, or is moved by motors of its own: see `World.look_out`.
"""

from __future__ import annotations

from math import sqrt

from petitpas_sim import geometry
from petitpas_sim.body import Body
from petitpas_sim.mat import CELL_MM
from petitpas_sim.space import Space

_SLACK_MM = 0.5
"""More than what whole steps and rounding can make of a distance."""

_SHARE = 0.004
"""Of a wall: a ray that passes this near to its end may meet it or not."""


def steady_ms(space: Space, body: Body, threshold_mm: float, t_ms: int) -> int | None:
    """Return the ms for which the distance ahead surely stays on its side of a threshold, None until somebody changes his way."""
    if _turns(body, t_ms):
        return None if _gap(space, body, t_ms) > threshold_mm + _SLACK_MM else 0
    near_mm = space.distance_mm(body, t_ms)
    if near_mm is not None and abs(near_mm - threshold_mm) <= _SLACK_MM + 1:
        return None if _all_rest(space, t_ms) else 0
    if near_mm is not None and near_mm < threshold_mm:
        return _while_near(space, body, threshold_mm, t_ms)
    return _while_far(space, body, threshold_mm, t_ms)


def _while_far(space: Space, body: Body, threshold_mm: float, t_ms: int) -> int | None:
    """Return for how long nothing comes nearer than the threshold."""
    x, y, heading = _pose(body, t_ms)
    east, north = geometry.direction(round(heading), body.full_turn)
    is_ahead = body.east * east + body.north * north > 0
    speed, left_mm = _speed(body, t_ms), _left_mm(body, t_ms)
    waits = []
    if speed and is_ahead:
        wall_mm = min(geometry.ray_to_segment(x, y, east, north, wall, _SHARE) for wall in space.walls)
        waits.append(_wait(wall_mm - threshold_mm, speed, left_mm))
    for other in space.others(body):
        other_x, other_y = space.middle(other, t_ms)
        other_speed = _speed(other, t_ms)
        if other_speed:
            gap_mm = _apart(x, y, other_x, other_y) - other.radius_mm
            waits.append(_wait(gap_mm - threshold_mm, speed + other_speed, left_mm + _left_mm(other, t_ms)))
        elif speed and is_ahead:
            gap_mm = geometry.ray_to_disc(x, y, east, north, other_x, other_y, other.radius_mm + _SLACK_MM)
            waits.append(_wait(gap_mm - threshold_mm, speed, left_mm))
    return min((wait for wait in waits if wait is not None), default=None)


def _while_near(space: Space, body: Body, threshold_mm: float, t_ms: int) -> int | None:
    """Return for how long something that stands still surely stays nearer than the threshold."""
    x, y, heading = _pose(body, t_ms)
    east, north = geometry.direction(round(heading), body.full_turn)
    near_mm = min(geometry.ray_to_segment(x, y, east, north, wall, -_SHARE) for wall in space.walls)
    for other in space.others(body):
        if not _speed(other, t_ms):
            near_mm = min(near_mm, geometry.ray_to_disc(x, y, east, north, *space.middle(other, t_ms), other.radius_mm - _SLACK_MM))
    if near_mm >= threshold_mm:
        return None if _all_rest(space, t_ms) else 0
    speed = _speed(body, t_ms)
    if not speed or body.east * east + body.north * north > 0:
        return None
    return _wait(threshold_mm - near_mm, speed, _left_mm(body, t_ms))


def _wait(room_mm: float, speed: float, left_mm: float) -> int | None:
    """Return the ms in which `room_mm` cannot be covered at a speed in mm/ms, None where less than that is left of the way."""
    room_mm -= _SLACK_MM
    if room_mm > left_mm:
        return None
    return max(0, int(room_mm / speed))


def _all_rest(space: Space, t_ms: int) -> bool:
    return not any(_moves(body, t_ms) for body in space.bodies)


def _moves(body: Body, t_ms: int) -> bool:
    return body.profile is not None and t_ms < body.ends_ms


def _turns(body: Body, t_ms: int) -> bool:
    return _moves(body, t_ms) and body.east == 0 == body.north


def _gap(space: Space, body: Body, t_ms: int) -> float:
    """Return how near to the middle of a body that turns anything may come."""
    x, y = space.middle(body, t_ms)
    nearest = min(geometry.distance_to_segment(x, y, wall) for wall in space.walls)
    for other in space.others(body):
        other_x, other_y = space.middle(other, t_ms)
        nearest = min(nearest, _apart(x, y, other_x, other_y) - other.radius_mm - _left_mm(other, t_ms))
    return nearest


def _pose(body: Body, t_ms: int) -> tuple[float, float, float]:
    x, y, heading = body.pose_at(t_ms)
    scale = CELL_MM / body.cell_steps
    return x * scale, y * scale, heading


def _apart(x: float, y: float, other_x: float, other_y: float) -> float:
    return sqrt((other_x - x) ** 2 + (other_y - y) ** 2)


def _speed(body: Body, t_ms: int) -> float:
    """Return the most mm/ms at which a body goes straight ahead or back."""
    if body.profile is None or t_ms >= body.ends_ms or body.east == 0 == body.north:
        return 0.0
    return body.profile.cruise_rate * CELL_MM / body.cell_steps / 1000


def _left_mm(body: Body, t_ms: int) -> float:
    """Return how far a body still goes straight ahead or back in its segment."""
    if body.profile is None or body.east == 0 == body.north:
        return 0.0
    return (body.profile.steps - body.steps_at(t_ms)) * CELL_MM / body.cell_steps
