"""Where a digest goes: a channel, a person's direct message, or a group message of some people.

Slack opens the group message of the same people again and again
(https://docs.slack.dev/reference/methods/conversations.open), so people name it better than an id
that only Slack gives.
"""

from collections.abc import Iterable, Sequence

JOINT = "+"
FEWEST, MOST = 2, 8
"""How many people a group message may have beside the desk."""


def group_of(user_ids: Iterable[str]) -> str:
    """The target that is the group message of these people, in whatever order they are named."""
    return JOINT.join(sorted(set(user_ids)))


def people_of(target: str) -> Sequence[str]:
    """Who reads what goes there; nobody by name for a channel."""
    return target.split(JOINT) if target.startswith(("U", "W")) else ()


def is_channel(target: str) -> bool:
    """Whether it is a channel."""
    return not people_of(target)


def mention(target: str) -> str:
    """A target as a sentence in Slack names it: "<#C1>", or "<@U1> and <@U2>"."""
    readers = [f"<@{user_id}>" for user_id in people_of(target)]
    if not readers:
        return f"<#{target}>"
    *others, last = readers
    return f"{', '.join(others)} and {last}" if others else last
