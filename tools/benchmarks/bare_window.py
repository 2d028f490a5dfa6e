"""
A window as one first writes it, to measure the wall against: each frame is drawn whole, a tap turns all of it to another colour.

    python bare_window.py WIDTH HEIGHT
"""

from __future__ import annotations

import sys

import pygame


def main() -> None:
    """Show the window until it is closed."""
    pygame.display.init()
    screen = pygame.display.set_mode((int(sys.argv[1]), int(sys.argv[2])))
    clock = pygame.time.Clock()
    is_on = True
    while True:
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                return
            is_on ^= event.type == pygame.MOUSEBUTTONDOWN
        screen.fill("orange" if is_on else "teal")
        pygame.display.flip()
        clock.tick(60)


if __name__ == "__main__":
    main()
