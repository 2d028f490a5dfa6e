"""How many examples a property gets: a suite's number, or many more where PETITPAS_SOAK says how many times as many."""

import os


def examples(count: int) -> int:
    """Return `count` times PETITPAS_SOAK, which is 1 where it is not set."""
    return count * int(os.environ.get("PETITPAS_SOAK", "1"))
