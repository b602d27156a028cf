"""What goes out of Slack because it was erased here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearMaterial:
    """What stands in the place of a text that was erased; `is_whole`: the submission was."""

    number: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class UnfileMaterial:
    """A file whose copy in the card's thread is to be deleted: what its title begins with."""

    title: str


ErasedMaterial = ClearMaterial | UnfileMaterial
