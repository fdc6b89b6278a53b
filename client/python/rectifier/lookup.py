"""Finding an activation by its name in what the server lists."""

import difflib
from collections.abc import Sequence

from rectifier.catalogue import ActivationDescription


def find(descriptions: Sequence[ActivationDescription], name: str) -> ActivationDescription:
    """The one with this name or alias, before which the module may stand that it is known from.

    Errors: LookupError where there is none, with the nearest names, or with the activation and the
    arguments that the name stands for; TypeError where the name is no string.
    """
    if not isinstance(name, str):
        raise TypeError(f"name: a string is needed, not {type(name).__name__} ({name!r})")
    known = {}
    others = {}
    for description in descriptions:
        known.update(dict.fromkeys((description.name, *description.aliases), description))
        for other, arguments in description.other_names:
            others[other] = f"{description.name!r} with {arguments}"
    name = name if name in known else name.rpartition(".")[2]  # torch.nn.ReLU
    if name not in known:
        nearest = difflib.get_close_matches(name, known)
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        if name in others:
            hint = f"; it is {others[name]}"
        raise LookupError(f"no activation is called {name!r}{hint}")
    return known[name]
