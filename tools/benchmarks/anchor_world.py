"""
The anchor of the simulator's figures: a plain Python world that steps everything and computes every sensor at every tick.

Source: the world of the measurements that came before the first line of this project. A mat of 300 × 200 cm, 20 wall segments, 4 round
posts, one robot with a ray of 80 cm and two line sensors, a program of "drive n mm" and "turn 90°" blocks at the exact kit's speeds.
It is written as one writes a small simulator: lists and floats, nothing computed that is not needed for the tick, nothing skipped.
"""

from __future__ import annotations

import math

DT_S = 0.01
RAY_MM = 800.0
RADIUS_MM = 65.0
SPEED_MM_S = 40.0
TURN_RAD_S = math.pi / 2 / 2.15

WALLS = [
    *((0.0, 0.0, 3000.0, 0.0), (3000.0, 0.0, 3000.0, 2000.0), (3000.0, 2000.0, 0.0, 2000.0), (0.0, 2000.0, 0.0, 0.0)),
    *((300.0 + 300.0 * n, 150.0, 300.0 + 300.0 * n, 450.0) for n in range(8)),
    *((300.0 + 300.0 * n, 1550.0, 300.0 + 300.0 * n, 1850.0) for n in range(8)),
]
POSTS = [(600.0, 1000.0, 40.0), (1200.0, 1000.0, 40.0), (1800.0, 1000.0, 40.0), (2400.0, 1000.0, 40.0)]
LINES = [(0.0, 975.0, 3000.0, 1025.0), (1475.0, 0.0, 1525.0, 2000.0)]  # dark bands: left, bottom, right, top


class AnchorWorld:
    """One robot, one list of blocks: ("drive", mm) or ("turn", radians)."""

    def __init__(self, blocks: list[tuple[str, float]]) -> None:
        self.x, self.y, self.heading = 1500.0, 700.0, 0.0
        self.blocks = blocks
        self.block = 0
        self.left = abs(blocks[0][1])
        self.distance = RAY_MM
        self.line_left = self.line_right = 0

    def tick(self) -> None:
        """Advance by DT_S: the program, the body, what it touches, every sensor."""
        kind, amount = self.blocks[self.block]
        sign = 1.0 if amount >= 0 else -1.0
        x, y = self.x, self.y
        if kind == "drive":
            step = min(self.left, SPEED_MM_S * DT_S)
            x += sign * step * math.sin(self.heading)
            y += sign * step * math.cos(self.heading)
        else:
            step = min(self.left, TURN_RAD_S * DT_S)
            self.heading = (self.heading + sign * step) % math.tau
        self.left -= step
        if self.left <= 0:
            self.block = (self.block + 1) % len(self.blocks)
            self.left = abs(self.blocks[self.block][1])
        if not self.touches(x, y):
            self.x, self.y = x, y
        self.sense()

    def touches(self, x: float, y: float) -> bool:
        """Say whether the body would touch something at a place."""
        for x1, y1, x2, y2 in WALLS:
            dx, dy = x2 - x1, y2 - y1
            t = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)
            t = 0.0 if t < 0.0 else 1.0 if t > 1.0 else t
            ex, ey = x - x1 - t * dx, y - y1 - t * dy
            if ex * ex + ey * ey < RADIUS_MM * RADIUS_MM:
                return True
        return any((x - px) ** 2 + (y - py) ** 2 < (RADIUS_MM + radius) ** 2 for px, py, radius in POSTS)

    def sense(self) -> None:
        """Read the ray and the two line sensors."""
        east, north = math.sin(self.heading), math.cos(self.heading)
        best = RAY_MM
        for x1, y1, x2, y2 in WALLS:
            dx, dy = x2 - x1, y2 - y1
            cross = east * dy - north * dx
            if cross != 0.0:
                ox, oy = x1 - self.x, y1 - self.y
                distance = (ox * dy - oy * dx) / cross
                if 0.0 <= distance < best and 0.0 <= (ox * north - oy * east) / cross <= 1.0:
                    best = distance
        for px, py, radius in POSTS:
            ox, oy = px - self.x, py - self.y
            along = ox * east + oy * north
            aside = ox * ox + oy * oy - along * along
            if along > 0.0 and aside < radius * radius:
                best = min(best, along - math.sqrt(radius * radius - aside))
        self.distance = best
        ahead_x, ahead_y = self.x + 40.0 * east, self.y + 40.0 * north
        self.line_left = self.is_dark(ahead_x - 10.0 * north, ahead_y + 10.0 * east)
        self.line_right = self.is_dark(ahead_x + 10.0 * north, ahead_y - 10.0 * east)

    def is_dark(self, x: float, y: float) -> int:
        """Return 1 over a dark band."""
        for left, bottom, right, top in LINES:
            if left <= x <= right and bottom <= y <= top:
                return 1
        return 0
