"""Things asked of the ledger some at a time, while they are printed: of ten thousand houses never all people at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

K = TypeVar("K")
T = TypeVar("T")
#: so many at a time: enough that the question costs little beside drawing, few enough that they take no memory
AT_ONCE = 64


class Chunked(Sequence[T]):
    """A sequence known by its keys; `ask` gives what belongs to some of them, in their order. It lives as long as the view it asks."""

    def __init__(self, keys: Sequence[K], ask: Callable[[Sequence[K]], Iterable[T]], at_once: int = AT_ONCE) -> None:
        self._keys: Sequence[K] = keys
        self._ask: Callable[[Sequence[K]], Iterable[T]] = ask
        self._at_once = at_once

    def each(self, change: Callable[[T], T]) -> Chunked[T]:
        """The same with every one changed as it is asked for."""
        ask = self._ask
        return Chunked(self._keys, lambda keys: map(change, ask(keys)), self._at_once)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self._keys), self._at_once):
            yield from self._ask(self._keys[start:start + self._at_once])

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return Chunked(self._keys[place], self._ask, self._at_once)
        return next(iter(self._ask([self._keys[place]])))
