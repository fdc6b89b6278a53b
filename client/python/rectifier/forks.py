"""What holds on to threads or connections forgets them in a process that a fork makes."""

import os
import weakref
from typing import Protocol


class Forgetful(Protocol):
    """What must not use in a child what it had in the parent."""

    def forget(self) -> None: ...


_all: "weakref.WeakSet[Forgetful]" = weakref.WeakSet()


def forget_in_forks(what: Forgetful) -> None:
    """Has `what.forget()` called at the start of each child, as long as `what` lives."""
    _all.add(what)


def _forget_all() -> None:
    for what in list(_all):
        what.forget()


os.register_at_fork(after_in_child=_forget_all)
