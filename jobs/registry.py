"""Which work exists: rooms register their handlers by name, the ledger stores only the name and plain arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Result:
    """What a job leaves behind: a sentence for the person, and a file if it made one."""

    message: str = ""
    file: Path | None = None
    file_name: str = ""


class Progress:
    """Given to a handler: tells the ledger how far the work is. Cheap to call; written at most once a second."""

    def __init__(self, arguments: dict[str, Any], by: User | None, tell: Callable[[int, int], None]) -> None:
        self.arguments = arguments
        self.by = by
        self._tell = tell

    def step(self, done: int, total: int) -> None:
        self._tell(done, total)


Handler = Callable[[Progress], "Result | None"]


@dataclass(frozen=True)
class Work:
    kind: str
    title: str | Promise
    run: Handler


_works: dict[str, Work] = {}


def handler(kind: str, title: str | Promise) -> Callable[[Handler], Handler]:
    """Registers the function that does work of this kind. It must be idempotent: it may run again after a crash."""

    def register(run: Handler) -> Handler:
        _works[kind] = Work(kind, title, run)
        return run

    return register


def work(kind: str) -> Work:
    """The registered work; LookupError names an unknown kind."""
    try:
        return _works[kind]
    except KeyError:
        raise LookupError(f"no room registered the work {kind!r}") from None


def title_of(kind: str) -> str:
    """What the work is called on screens; its bare name where no room does it any more, for the ledger outlives it."""
    found = _works.get(kind)
    return str(found.title) if found else kind
