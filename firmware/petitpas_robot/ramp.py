"""What both kinds of wheels need for a ramp whose speed follows distance: a square root, in integers."""


def root(square, guess):
    """Return the whole square root, by Newton's method from a guess above 0."""
    found = (guess + square // guess) >> 1
    better = (found + square // found) >> 1
    while better < found:
        found = better
        better = (found + square // found) >> 1
    return found
