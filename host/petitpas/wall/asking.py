"""What takes longer than a frame, found out beside the frames: a tap is answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from petitpas.errors import KitError
from petitpas.lessons.explain import Explanation, explain
from petitpas.lessons.ideas import Try
from petitpas.lessons.lesson import Variant

T = TypeVar("T")


class Asking(Generic[T]):
    """
    Asks one thing at a time.

    Args:
        find: what is asked; it takes longer than a frame may.
        aside: where answers are worked out; None: a thread of its own.
    """

    def __init__(self, find: Callable[..., T], aside: Executor | None = None) -> None:
        self._find = find
        self._is_own = aside is None
        self._aside = aside or ThreadPoolExecutor(1, "asking")
        self._asked: tuple[object, ...] | None = None
        self._answer: Future[T] | None = None

    def ask(self, *asked: object) -> None:
        """Begin to find out, unless that is what is being found out."""
        if self._asked == asked:
            return
        if self._answer is not None:
            self._answer.cancel()
        self._asked = asked
        self._answer = self._aside.submit(self._find, *asked)

    def forget(self) -> None:
        """Ask anew, even what was asked last: the answer may be another by now."""
        self._asked = None

    @property
    def is_ready(self) -> bool:
        """Whether the last thing that was asked is known."""
        return self._answer is not None and self._answer.done()

    @property
    def found(self) -> T | None:
        """What was found, None as long as it is not."""
        return self._answer.result() if self._answer is not None and self.is_ready else None

    def close(self) -> None:
        """Let go of what is not known yet."""
        if self._is_own:
            self._aside.shutdown(wait=False, cancel_futures=True)


class AtOnce(Executor):
    """Works out what it is given before it goes on: for tests, and for a session that is replayed."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return what has been worked out already."""
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def explained(variant: Variant, made: Try) -> Explanation | None:
    """Return what there is to say about a program; None where there is nothing: no robot can run it."""
    try:
        return explain(variant, made)
    except KitError:
        return None
