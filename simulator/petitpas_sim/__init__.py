"""The simulated world: mats, bodies, sensors, and the runner that ticks the robots' real firmware in it."""
