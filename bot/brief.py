"""Which use cases are brief, for what is stored already does not make them longer; and which are
patient, for nobody waits for what they find.
"""

from collections.abc import Callable
from typing import Any, TypeVar

U = TypeVar("U", bound=Callable[..., Any])


def brief(use_case: U) -> U:
    """Declare that a use case takes a millisecond or two, however much is stored: it reads and
    writes a few rows by their keys. Then SQLite runs it where it is awaited, without a thread.

    For what runs with every submission, click and message; whatever is rare needs no declaration.
    """
    vars(use_case)["is_brief"] = True
    return use_case


def is_brief(use_case: Callable[..., Any]) -> bool:
    """Whether a use case was declared to be brief."""
    return getattr(use_case, "is_brief", False) is True


def patient(use_case: U) -> U:
    """Declare that a use case reads for nobody who waits, however much it reads. On SQLite it takes
    its time while people hand in.
    """
    vars(use_case)["is_patient"] = True
    return use_case


def is_patient(use_case: Callable[..., Any]) -> bool:
    """Whether a use case was declared to be patient."""
    return getattr(use_case, "is_patient", False) is True
