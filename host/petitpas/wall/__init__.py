"""The wall: what pupils see and tap on a big screen."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # what the commands print belongs to them
