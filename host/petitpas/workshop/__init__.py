"""
The workshop: making a robot ready, with a person who looks, listens and shows.

Each dialogue is written once, to a `Person`; whether that person reads a terminal or taps the wall is not its concern.
"""
