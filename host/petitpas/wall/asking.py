"""What there is to say about a program, found out beside the frames: a tap is answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, TypeVar

from petitpas.errors import KitError
from petitpas.lessons.explain import Explanation, explain
from petitpas.lessons.ideas import Try
from petitpas.lessons.lesson import Variant

T = TypeVar("T")


class Asking:
    """
    Asks for one explanation at a time.

    Args:
        aside: where explanations are worked out; None: a thread of its own.
    """

    def __init__(self, aside: Executor | None = None) -> None:
        self._is_own = aside is None
        self._aside = aside or ThreadPoolExecutor(1, "explain")
        self._asked: tuple[Variant, Try] | None = None
        self._answer: Future[Explanation | None] | None = None

    def ask(self, variant: Variant, made: Try) -> None:
        """Begin to find out, unless that is what is being found out."""
        if self._asked is not None and (self._asked[0] is variant and self._asked[1] == made):
            return
        if self._answer is not None:
            self._answer.cancel()
        self._asked = variant, made
        self._answer = self._aside.submit(_explained, variant, made)

    @property
    def is_ready(self) -> bool:
        """Whether the last thing that was asked is known."""
        return self._answer is not None and self._answer.done()

    @property
    def found(self) -> Explanation | None:
        """What was found; None where there is nothing to say: no robot can run that program."""
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


def _explained(variant: Variant, made: Try) -> Explanation | None:
    try:
        return explain(variant, made)
    except KitError:
        return None
