"""The kinds of submission: one table. A new kind is one entry here plus its golden files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.choices import CONSENT, KNOWS_US, STAGES, Option
from bot.lifecycle import CONTENT, LEAD, Lifecycle


class FieldType(StrEnum):
    """How a field is asked for and checked."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    LINK = "link"
    CONTACT = "contact"
    DATE = "date"
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form.

    `max_length` is in characters. `personal` fields live in a table of their own and never stand
    on a channel's card. `default` is preselected in a choice. `required_with` names another field
    and the value that makes this one required. `is_headline`: a short text typed behind a command
    belongs here rather than into the kind's text.
    """

    name: str
    label: str
    type: FieldType
    required: bool = False
    max_length: int = 3000
    hint: str | None = None
    placeholder: str | None = None
    options: tuple[Option, ...] = ()
    default: str | None = None
    personal: bool = False
    required_with: tuple[str, str] | None = None
    is_headline: bool = False

    def option_label(self, value: str) -> str:
        """What people read for a stored option's value; the value itself when it is no option."""
        return next((option.label for option in self.options if option.value == value), value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of submission.

    `text_field` takes what was typed behind the command or stands in the message. `title_fields`
    are tried in order for the one line that names a submission on cards and in digests; they are
    never personal. `due` is how much working time the owner has to decide (P09).
    `needs_consent`: it may be published only with a customer's consent.
    """

    key: str
    label: str
    article: str
    emoji: str
    purpose: str
    fields: tuple[Field, ...]
    text_field: str
    title_fields: tuple[str, ...]
    default_role: str
    due: timedelta
    lifecycle: Lifecycle
    needs_consent: bool = False

    @property
    def is_confidential(self) -> bool:
        """Whether it is about people outside: what is written to and fro then stays behind Open."""
        return any(field.personal for field in self.fields)

    def field(self, name: str) -> Field:
        """The field called `name`; raises KeyError when this kind has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


CONTENT_TYPES = (
    Option("picture", "Picture"),
    Option("story", "Story"),
    Option("video", "Video"),
    Option("case_study", "Case study"),
    Option("testimonial", "Testimonial"),
    Option("interview", "Interview"),
    Option("expert_advice", "Expert advice"),
    Option("other", "Something else"),
)
PLATFORMS = (
    Option("linkedin", "LinkedIn"),
    Option("instagram", "Instagram"),
    Option("youtube", "YouTube"),
    Option("facebook", "Facebook"),
    Option("x", "X"),
    Option("tiktok", "TikTok"),
    Option("blog", "Blog"),
    Option("newsletter", "Newsletter"),
)

_STAGE = Field(
    name="stage",
    label="Which step does it help with?",
    type=FieldType.CHOICE,
    options=STAGES,
)
_WANTED_BY = Field(
    name="wanted_by",
    label="Wanted by",
    type=FieldType.DATE,
    hint="After this day it is of no use any more.",
)
_FILES = Field(
    name="files",
    label="Files",
    type=FieldType.FILES,
    hint="They stand in the thread of the card.",
)

IDEA = Kind(
    key="idea",
    label="Idea",
    article="an idea",
    emoji=":bulb:",
    purpose="Something we could post: a story, a picture, an answer that customers ask for.",
    fields=(
        Field(
            name="title",
            label="Title",
            type=FieldType.LINE,
            required=True,
            max_length=150,
            placeholder="One line that says what it is",
            is_headline=True,
        ),
        Field(
            name="text",
            label="What is the story?",
            type=FieldType.TEXT,
            placeholder="What happened, who is in it, why it matters to customers",
        ),
        Field(name="content_type", label="Type", type=FieldType.CHOICE, options=CONTENT_TYPES),
        Field(name="link", label="Link", type=FieldType.LINK, placeholder="https://…"),
        Field(
            name="platforms",
            label="Where would it fit?",
            type=FieldType.CHOICES,
            options=PLATFORMS,
        ),
        _STAGE,
        _WANTED_BY,
        _FILES,
    ),
    text_field="text",
    title_fields=("title",),
    default_role="content_lead",
    due=timedelta(hours=16),
    lifecycle=CONTENT,
)
TESTIMONIAL = Kind(
    key="testimonial",
    label="Testimonial",
    article="a testimonial",
    emoji=":speech_balloon:",
    purpose="What a customer said about us, in their words.",
    fields=(
        Field(
            name="quote",
            label="What did they say?",
            type=FieldType.TEXT,
            required=True,
            placeholder="Their own words",
            hint="Stands on the card. Who said it goes below.",
        ),
        Field(
            name="customer",
            label="Customer",
            type=FieldType.LINE,
            required=True,
            max_length=150,
            placeholder="The company",
        ),
        Field(
            name="person",
            label="Person",
            type=FieldType.LINE,
            max_length=150,
            personal=True,
            hint="Seen by the owner and you, never on a channel's card.",
        ),
        Field(
            name="position", label="Position", type=FieldType.LINE, max_length=150, personal=True
        ),
        Field(
            name="consent",
            label="Did they agree that we use it?",
            type=FieldType.CHOICE,
            options=CONSENT,
            default="not_asked",
        ),
        Field(
            name="consent_wording",
            label="What exactly did they agree to?",
            type=FieldType.TEXT,
            max_length=1000,
            personal=True,
            hint="Needed when they agreed: their words, and where.",
            required_with=("consent", "granted"),
        ),
        Field(
            name="source",
            label="How did we get it?",
            type=FieldType.LINE,
            max_length=150,
            placeholder="A call, an e-mail, a review, a trade fair",
        ),
        _STAGE,
        _WANTED_BY,
        _FILES,
    ),
    text_field="quote",
    title_fields=("customer",),
    default_role="advocacy_lead",
    due=timedelta(hours=16),
    lifecycle=CONTENT,
    needs_consent=True,
)
LEAD_HINT = Kind(
    key="lead",
    label="Lead",
    article="a lead",
    emoji=":handshake:",
    purpose="Somebody who may need what we do.",
    fields=(
        Field(
            name="name",
            label="Name or company",
            type=FieldType.LINE,
            required=True,
            max_length=150,
            personal=True,
            hint="Seen by the owner and you, never on a channel's card.",
        ),
        Field(
            name="contact",
            label="Contact",
            type=FieldType.CONTACT,
            max_length=300,
            personal=True,
            placeholder="E-mail, phone or a link to their profile",
        ),
        Field(
            name="need",
            label="What do they need?",
            type=FieldType.TEXT,
            required=True,
            placeholder="In their words, if you can",
            hint="Stands on the card: leave names and addresses out.",
        ),
        Field(
            name="seen",
            label="Where did you meet them?",
            type=FieldType.LINE,
            max_length=150,
            placeholder="A trade fair, a comment, a call",
        ),
        Field(
            name="knows_us",
            label="How well do they know us?",
            type=FieldType.CHOICE,
            options=KNOWS_US,
        ),
        _FILES,
    ),
    text_field="need",
    title_fields=("need",),
    default_role="lead_desk",
    due=timedelta(hours=4),
    lifecycle=LEAD,
)

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in (IDEA, TESTIMONIAL, LEAD_HINT)}
