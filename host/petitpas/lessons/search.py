"""
What can still be reached: the cell model as a machine of small states, for one robot of a lesson.

Theory of states
================
A state is a pose on the mat and how much of the goal is done: the cells of an order, a trace or a row of sounds that lie behind. Both are
small, so that all the states of a lesson are a few thousand, and a step from a state is looked up once it was made once. A step that ends
the run, or that no goal survives (a cell beside the trace, a sound too many), leads to LOST.

From the goal backward, one breadth-first search tells for every state the fewest blocks of the lesson that still reach it. Loops are
looked at only where these do not reach: see `Search.can_reach`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import islice

from petitpas.lessons.cells import MEANING, NOTHING, SOUND, TURN_LEFT, TURN_RIGHT, UNTIL_OBSTACLE, UP, Grid, Steps, units, unrolled
from petitpas.lessons.goals import Goal
from petitpas.program import Block
from petitpas_sim.mat import Cell, Mat, Place

LOST = -1
"""In place of a state: the run has ended, or no goal is to be reached any more."""

MAX_TRIES = 4000
"""States and bodies of loops that are tried for one program; what is not found by then counts as not known."""

MAX_RUN = 2000
"""Steps after which a row of blocks is given up: no child's program of a lesson has so many."""

State = int


@dataclass(frozen=True, slots=True)
class Choice:
    """
    A block that a pupil may take: its type, and where it has a number the least and the greatest.

    For `repeat` the number is of turns, for a move of cells.
    """

    type: str
    least: int = 1
    most: int = 1

    @property
    def numbers(self) -> range:
        """The numbers that it may have; one that takes none has 1."""
        return range(self.least, self.most + 1)


def simple(kind: str, number: int = 1) -> Block:
    """Return a block without a body; one that takes no number has 1."""
    return Block("", kind, (("cells", number),) if kind in _COUNTED else ())


_COUNTED = ("forward", "backward", "go_up", "go_down", "go_left", "go_right")


class Machine:
    """One robot's goal on one mat, as states and steps."""

    def __init__(self, mat: Mat, start: Place, goal: Goal) -> None:
        self._grid = Grid(mat)
        self._goal = goal
        self._quarter = start.quarter
        self._columns = mat.columns
        self._poses = mat.columns * mat.rows * 4
        self._memo: dict[tuple[State, int], State] = {}
        self._moved: dict[tuple[object, ...], tuple[State, int]] = {}  # by state and block: the state after it, and its steps
        self._motif = [step for _, step in unrolled(goal.motif.scripts[0].body())] if goal.motif else []
        self.start = self._state(start.cell, start.quarter, 0)

    def _state(self, cell: Cell, quarter: int, done: int) -> State:
        return done * self._poses + (cell[1] * self._columns + cell[0]) * 4 + quarter

    def place(self, state: State) -> Place:
        """Return the place of a state."""
        where, quarter = divmod(state % self._poses, 4)
        row, column = divmod(where, self._columns)
        return Place(column, row, quarter)

    def is_reached(self, state: State) -> bool:
        """Say whether a run that ends here meets the goal."""
        if state == LOST:
            return False
        goal, place, done = self._goal, self.place(state), state // self._poses
        if goal.type == "predict":
            return place == goal.place
        if goal.type == "pattern":
            return done >= 2 * len(self._motif) and done % len(self._motif) == 0
        if goal.type == "reach":
            return place.cell == goal.cells[-1]
        if done < len(goal.cells):
            return False
        return {"order": place.cell == goal.cells[-1], "closed": place.quarter == self._quarter}.get(goal.type, True)

    def step(self, state: State, step: int) -> State:
        """Return the state after a step."""
        key = state, step
        if key not in self._memo:
            self._memo[key] = self._made(state, step)
        return self._memo[key]

    def _made(self, state: State, step: int) -> State:
        place, done = self.place(state), state // self._poses
        cell, quarter = place.cell, place.quarter
        if self._motif and (done := self._matched(step, done)) == LOST:
            return LOST
        if step == NOTHING:
            return self._state(cell, quarter, done)
        if step in (TURN_RIGHT, TURN_LEFT):
            return self._state(cell, (quarter + (1 if step == TURN_RIGHT else 3)) % 4, done)
        if step == SOUND:
            return self._state(cell, quarter, self._sounded(cell, done)) if self._sounded(cell, done) != LOST else LOST
        if step == UNTIL_OBSTACLE:
            while (following := self._grid.beside(cell, quarter)) is not None and done != LOST:
                cell, done = following, self._entered(following, done)
            return self._state(cell, quarter, done) if done != LOST else LOST
        beside = self._grid.beside(cell, (quarter + step) % 4 if step < TURN_RIGHT else step - UP)
        if beside is None:
            return LOST
        done = self._entered(beside, done)
        return self._state(beside, quarter, done) if done != LOST else LOST

    def _matched(self, step: int, done: int) -> int:
        """Return how far in the motif one is after a step: from the third time on it is told from the second by nothing."""
        length = len(self._motif)
        if step != self._motif[done % length]:
            return LOST
        return done + 1 if done + 1 < 3 * length else 2 * length

    def _sounded(self, cell: Cell, done: int) -> int:
        cells = self._goal.cells
        if self._goal.type != "bip":
            return done
        return done + 1 if done < len(cells) and cells[done] == cell else LOST

    def _entered(self, cell: Cell, done: int) -> int:
        cells = self._goal.cells
        if self._goal.type == "order":
            return done + (done < len(cells) and cells[done] == cell)
        if self._goal.type in ("trace", "closed", "choose"):
            return done + 1 if done < len(cells) and cells[done] == cell else LOST
        return done

    def run(self, state: State, blocks: Sequence[Block]) -> State:
        """Return the state after a row of blocks; LOST where it has more than MAX_RUN steps."""
        return self._run(state, blocks, MAX_RUN)[0]

    def _run(self, state: State, blocks: Sequence[Block], left: int) -> tuple[State, int]:
        """Return the state after a row of blocks, and how many of `left` steps are left then."""
        for block in blocks:
            if block.type == "repeat":
                state, left = self._looped(state, block, left)
            else:
                key = state, block.type, block.parameters
                if key not in self._moved:
                    self._moved[key] = self.after(state, MEANING[block.type], units(block)), units(block)
                state, steps = self._moved[key]
                left -= steps
            if state == LOST or left < 0:
                return LOST, 0
        return state, left

    def _looped(self, state: State, loop: Block, left: int) -> tuple[State, int]:
        """As `_run`, for one loop: turns that lead back to a state that the loop began a turn in are counted, not walked."""
        body, times = loop.body(), loop.number("times")
        met: dict[State, tuple[int, int]] = {}
        turn = 0
        while turn < times and state != LOST and left >= 0:
            if state in met:
                earlier, had = met[state]
                rounds = (times - turn) // (turn - earlier)
                left -= rounds * (had - left)
                turn += rounds * (turn - earlier)
                if rounds:
                    met = {}
                    continue
            met[state] = turn, left
            state, left = self._run(state, body, left)
            turn += 1
        return (state, left) if left >= 0 else (LOST, 0)

    def effect(self, before: Steps, steps: Iterable[int]) -> Steps:
        """Return what steps do behind what has this effect, () for nothing: where it is equal, they lead to the same states."""
        *done, turned = before or (0,)
        for step in steps:
            if step in (TURN_RIGHT, TURN_LEFT) and not self._motif:
                turned = (turned + (1 if step == TURN_RIGHT else 3)) % 4
            elif step != NOTHING or self._motif:
                done.append(4 * step + turned)
        return (*done, turned)

    def after(self, state: State, steps: Steps, times: int) -> State:
        """Return the state after `times` times a few steps."""
        for _ in range(times):
            for step in steps:
                if state == LOST:
                    return LOST
                state = self.step(state, step)
        return state


class Search:
    """
    What the blocks of a lesson can still do for a machine.

    `blocks` are those without a body that the pupil may use, `turns` the numbers of turns that a loop may have (none: there are no loops).

    Args:
        choices: what the pupil may use.
    """

    def __init__(self, machine: Machine, choices: Iterable[Choice]) -> None:
        self.machine = machine
        self.choices = tuple(choices)
        self._simple = [choice for choice in self.choices if choice.type in MEANING]
        self.blocks = tuple(simple(choice.type, number) for choice in self._simple for number in choice.numbers)
        self._steps = [[step for _, step in unrolled((block,))] for block in self.blocks]
        self.turns = tuple(number for kind in self.choices if kind.type == "repeat" for number in kind.numbers)
        self._before: dict[State, list[State]] = {}  # of each state that was met, those from which one block leads to it
        self._cost: dict[State, int] = {}
        self._known: dict[tuple[State, int], bool] = {}
        self._tries = 0
        self._explore((machine.start,))

    def _following(self, state: State) -> Iterator[State]:
        for choice in self._simple:
            following = state
            for number in range(1, choice.most + 1):
                following = self.machine.after(following, MEANING[choice.type], 1)
                if following == LOST:
                    break
                if number >= choice.least:
                    yield following

    def _explore(self, states: Iterable[State]) -> None:
        """Meet all that can be reached from some states, then measure what is new; what was met before leads to nothing new."""
        waiting = deque(state for state in states if state not in self._before)
        self._before.update((state, []) for state in waiting)
        ring: list[tuple[int, State]] = []
        while waiting:
            state = waiting.popleft()
            if self.machine.is_reached(state):
                ring.append((0, state))
            for following in self._following(state):
                if following not in self._before:
                    self._before[following] = []
                    waiting.append(following)
                elif following in self._cost:
                    ring.append((self._cost[following], following))
                self._before[following].append(state)
        heapify(ring)
        measured = set()
        while ring:
            cost, state = heappop(ring)
            if state in measured:
                continue
            measured.add(state)
            self._cost.setdefault(state, cost)
            for before in self._before[state]:
                if before not in self._cost:
                    heappush(ring, (cost + 1, before))

    def fewest(self, state: State) -> int | None:
        """Return the fewest blocks, loops aside, from a state to the goal; None where none do."""
        if state == LOST:
            return None
        if state not in self._before:
            self._explore((state,))
        return self._cost.get(state)

    def renew(self) -> None:
        """Ask about another program: all the tries are left again, and what the last one found out is not leant on."""
        self._tries = 0
        self._known.clear()

    def can_reach(self, state: State, most: int) -> bool | None:
        """Say whether at most `most` blocks lead from a state to the goal, loops included; None where that is not known."""
        return self._can_reach(state, most)

    def can_close(self, state: State, turns: int, body: Sequence[Block], most: int) -> bool | None:
        """Say whether a loop that begins at a state with `body`, and at most `most` more blocks in it and behind it, reaches the goal."""
        return self._by_loop(state, body, most, [turns])

    def _can_reach(self, state: State, most: int) -> bool | None:
        fewest = self.fewest(state)
        if fewest is not None and fewest <= most:
            return True
        if state == LOST or most < 2 or not self.turns:
            return False
        key = state, most
        if key not in self._known:
            self._tries += 1
            if self._tries > MAX_TRIES:
                return None  # nor kept: another question may come further
            found = _any(self._can_reach(following, most - 1) for following in self._following(state))
            if not found:
                found = _any((found, self._by_loop(state, (), most - 1)))
            if found is None:
                return None
            self._known[key] = found
        return self._known[key]

    def _by_loop(self, state: State, body: Sequence[Block], most: int, turns: Sequence[int] = ()) -> bool | None:
        """Try loops whose bodies begin with `body`; `most` blocks may be added, in them and behind."""
        if most < 0:
            return False
        is_known = True
        does = self.machine.effect((), (step for _, step in islice(unrolled(body), MAX_RUN)))
        rows = deque([(self.machine.run(state, body), tuple(body), does, most)])
        met = {does}  # of rows that do the same, the first is the shortest
        while rows:
            once, row, does, left = rows.popleft()
            if once == LOST:
                continue
            self._tries += 2  # all that follows from it is to be looked at
            for times in turns or self.turns if row else ():
                self._tries += 1
                found = self._can_reach(self._again(once, row, times - 1), left)
                if found:
                    return True
                is_known = is_known and found is not None
            if self._tries > MAX_TRIES:
                return None
            for block, steps in zip(self.blocks, self._steps, strict=True) if left else ():
                longer = self.machine.effect(does, steps)
                if longer not in met:
                    met.add(longer)
                    rows.append((self.machine.run(once, (block,)), (*row, block), longer, left - 1))
        return False if is_known else None

    def _again(self, state: State, row: Sequence[Block], times: int) -> State:
        for _ in range(times):
            if state == LOST:
                return LOST
            state = self.machine.run(state, row)
        return state


def _any(answers: Iterable[bool | None]) -> bool | None:
    """Return True where one answer is, else None where one is, else False."""
    is_known = True
    for answer in answers:
        if answer:
            return True
        is_known = is_known and answer is not None
    return False if is_known else None
