"""
The teacher's own voice: a folder of files, one for each line, named by it: `blocks.forward.ms.wav`, `wall.done.ogg`.

Files may be recorded at the wall or dropped into the folder; what is there at the moment of saying a line is what is heard.
"""

from __future__ import annotations

import os
from pathlib import Path

from petitpas.program.blocks import Level
from petitpas.voice.lines import line_of

RECORDED = "voix"
"""Its name in the class's folder."""

ENDINGS = (".wav", ".ogg")
"""What a recording may be; the first wins."""

TO_RECORD = (
    *("wall.forward", "wall.backward", "wall.left", "wall.right", "wall.go_up", "wall.go_down", "wall.go_left", "wall.go_right"),
    *("wall.go", "wall.stop", "wall.clear", "wall.home", "wall.listen", "wall.help", "wall.step", "wall.undo", "wall.from_here"),
    *("wall.predict", "wall.again", "wall.petit_pas", "wall.pas", "wall.grand_pas"),
    *("wall.done", "wall.over", "wall.blocked", "wall.stopped", "wall.lesson.tell", "wall.lesson.foreseen"),
    *("wall.lesson.mend", "wall.lesson.mends", "explain.reached", "explain.where", "explain.path", "explain.card", "explain.end"),
    *("explain.together.say", "explain.together.try", "wall.repeat", "wall.end", "wall.until_obstacle"),
)
"""What every level says, in the order in which it is read to a microphone; cards are said in the words of a level."""


class Recordings:
    """The files of a folder, which need not be there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, line: str) -> Path | None:
        """Return the recording of a line, None where there is none."""
        files = (self.folder / f"{line}{ending}" for ending in (*ENDINGS, *map(str.upper, ENDINGS)))
        return next((file for file in files if file.is_file()), None)

    def lines(self) -> frozenset[str]:
        """Return the lines that have a recording; none where the folder cannot be read."""
        try:
            return frozenset(file.stem for file in self.folder.iterdir() if file.suffix.lower() in ENDINGS)
        except OSError:
            return frozenset()

    def keep(self, line: str, taken: Path) -> None:
        """Make a file the recording of a line, in place of any other; raise OSError where it cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        os.replace(taken, self.folder / f"{line}{ENDINGS[0]}")
        for ending in ENDINGS[1:]:
            (self.folder / f"{line}{ending}").unlink(missing_ok=True)


def lines_to_record(level: Level) -> tuple[str, ...]:
    """Return the lines of TO_RECORD as they are said at a level, each once."""
    return tuple(dict.fromkeys(line_of(key, level) for key in TO_RECORD))
