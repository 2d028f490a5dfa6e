"""
The picture of a world: a snapshot becomes items (`scene`), items become pixels (`canvas`, `picture`).

What is drawn is data (`shapes`, `artwork`, `animals`, `palette`), which print and the web use too (`vector`), without pygame.
"""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # what the commands print belongs to them
