"""Everything that Slack can ask of us, as one table per surface: what is registered is what the
manifest says, and one dictionary look-up finds the listener.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.answers import Listener
from handlers.ids import Action, Callback


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Listeners by command name, action, callback id of a form, a closed form or a shortcut,
    and event type.
    """

    commands: Mapping[str, Listener] = field(default_factory=dict)
    actions: Mapping[Action, Listener] = field(default_factory=dict)
    forms: Mapping[Callback, Listener] = field(default_factory=dict)
    closed: Mapping[Callback, Listener] = field(default_factory=dict)
    shortcuts: Mapping[Callback, Listener] = field(default_factory=dict)
    events: Mapping[str, Listener] = field(default_factory=dict)

    def __or__(self, other: "Listeners") -> "Listeners":
        """Both together."""
        return Listeners(
            commands={**self.commands, **other.commands},
            actions={**self.actions, **other.actions},
            forms={**self.forms, **other.forms},
            closed={**self.closed, **other.closed},
            shortcuts={**self.shortcuts, **other.shortcuts},
            events={**self.events, **other.events},
        )
