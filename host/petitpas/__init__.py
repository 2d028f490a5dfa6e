"""Petit Pas on the class computer: programs, robots, lessons and the wall."""
