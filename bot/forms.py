"""Checks what came in a kind's form; a bad field is answered on that field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from pydantic import AnyHttpUrl, EmailStr, TypeAdapter, ValidationError

from bot.errors import FieldError
from bot.kinds import Field, FieldType, Kind
from bot.submission import FieldValue, FileRef
from bot.text import clean, cut, day_in, first_line, has_words, one_line

_LINK: TypeAdapter[AnyHttpUrl] = TypeAdapter(AnyHttpUrl)

LINK_SENTENCE = "This is no link. A link looks like https://example.com/page."
PAST_SENTENCE = "This day has passed. Please choose today or a later day."
MOST_FILES = 10
"""How many files a submission has at most."""

FILE_NAME_LENGTH = 150
TITLE_LENGTH = 120
"""How much of a long text names a submission in lists and digests, in characters."""


@cache
def _email() -> TypeAdapter[EmailStr]:
    """What knows e-mail addresses, made for the first one: its rules take a megabyte of memory."""
    return TypeAdapter(EmailStr)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedForm:
    """A form that can be stored: its title, its fields, the personal ones and the files apart."""

    title: str
    fields: Mapping[str, FieldValue]
    personal: Mapping[str, str]
    files: tuple[FileRef, ...] = ()


def check_form(
    kind: Kind,
    raw: Mapping[str, FieldValue],
    *,
    today: date,
    standing: Mapping[str, FieldValue] = MappingProxyType({}),
) -> CheckedForm:
    """Clean and check every field of `kind`; unknown names in `raw` are ignored.

    `today` is the day where the person is: no date may lie before it. What is `standing` already
    may be sent again as it is, although its day has passed. Raises FieldError with one sentence per
    bad field.
    """
    errors: dict[str, str] = {}
    good: dict[str, FieldValue] = {}
    given = {field.name: _cleaned(field, raw.get(field.name, "")) for field in kind.fields}
    for field in kind.fields:
        value = given[field.name]
        sentence = _fault(field, value, needed=_is_needed(field, given))
        if sentence is None and field.type is FieldType.DATE and value != standing.get(field.name):
            sentence = _date_fault(value, today)
        if sentence:
            errors[field.name] = sentence
        elif value:
            good[field.name] = value
    if errors:
        raise FieldError(errors)
    personal = {
        name: value
        for name, value in good.items()
        if kind.field(name).personal and isinstance(value, str)
    }
    files = {field.name for field in kind.fields if field.type is FieldType.FILES}
    fields = {name: value for name, value in good.items() if name not in {*personal, *files}}
    return CheckedForm(
        title=_title(kind, fields),
        fields=fields,
        personal=personal,
        files=tuple(ref for name in files for ref in refs_in(good.get(name, ()))),
    )


def refs_in(value: FieldValue) -> tuple[FileRef, ...]:
    """The files of a form's field, each once, with a name that can be shown."""
    given = (FileRef.of(one) for one in value) if isinstance(value, tuple) else ()
    named = (FileRef(ref.file_id, cut(one_line(ref.name), FILE_NAME_LENGTH)) for ref in given)
    return tuple({ref.file_id: ref for ref in named}.values())


def check_link(raw: str, *, field: str) -> str:
    """`raw` as a link; raises FieldError on `field` when it is none, or too long (2,000)."""
    link = one_line(raw)
    if not _is_link(link):
        raise FieldError({field: LINK_SENTENCE})
    if len(link) > 2000:
        raise FieldError({field: f"This link has {len(link):,} characters; 2,000 fit."})
    return link


def check_sentence(raw: str, *, field: str, missing: str, length: int) -> str:
    """`raw` as a sentence of at most `length` characters.

    Raises FieldError on `field`, with `missing` when there is nothing to read in it.
    """
    text = clean(raw)
    if not has_words(text):
        raise FieldError({field: missing})
    if len(text) > length:
        raise FieldError({field: _too_long(text, length)})
    return text


def _cleaned(field: Field, value: FieldValue) -> FieldValue:
    if isinstance(value, tuple):
        return value
    return clean(value) if field.type is FieldType.TEXT else one_line(value)


def _is_needed(field: Field, given: Mapping[str, FieldValue]) -> bool:
    if field.required_with is None:
        return field.required
    name, value = field.required_with
    return given.get(name) == value


def _fault(field: Field, value: FieldValue, *, needed: bool) -> str | None:
    """The sentence for a bad value, None for a good one."""
    if not value:
        return f"Please fill in: {field.label.rstrip('?')}." if needed else None
    if isinstance(value, tuple) or field.type is FieldType.CHOICE:
        return _choice_fault(field, value)
    if len(value) > field.max_length:
        return _too_long(value, field.max_length)
    match field.type:
        case FieldType.LINK:
            return None if _is_link(value) else LINK_SENTENCE
        case FieldType.CONTACT:
            return _contact_fault(value)
        case _:
            return None if has_words(value) else "Please write a word or two: this has no text."


def _files_fault(count: int) -> str | None:
    return f"{MOST_FILES} files fit; there would be {count}." if count > MOST_FILES else None


def _date_fault(value: FieldValue, today: date) -> str | None:
    """Nothing is wrong with an empty value; `value` is an ISO date, as Slack's picker gives it."""
    if not value:
        return None
    day = day_in(value) if isinstance(value, str) else None
    if day is None:
        return "This is no date. Please choose a day."
    return PAST_SENTENCE if day < today else None


def _choice_fault(field: Field, value: FieldValue) -> str | None:
    if field.type is FieldType.FILES:
        return _files_fault(len(refs_in(value)))
    if isinstance(value, tuple) and field.type is not FieldType.CHOICES:
        return "Please choose from the list."
    chosen = (value,) if isinstance(value, str) else value
    known = {option.value for option in field.options}
    return None if known.issuperset(chosen) else "Please choose from the list."


def _too_long(text: str, length: int) -> str:
    return f"This has {len(text):,} characters; {length:,} fit. Please shorten it."


def _contact_fault(value: str) -> str | None:
    """A contact is a link, an e-mail address or a phone number, told apart by its look."""
    if value.lower().startswith(("http://", "https://", "www.")):
        return None if _is_link(_with_scheme(value)) else LINK_SENTENCE
    if "@" in value.lstrip("@"):
        return None if _is_email(value) else "This is no e-mail address: name@example.com."
    if sum(char.isdigit() for char in value) >= 5 or (value.startswith("@") and has_words(value)):
        return None
    return "Please give an e-mail address, a phone number or a link to a profile."


def _with_scheme(value: str) -> str:
    return f"https://{value}" if value.lower().startswith("www.") else value


def _is_link(value: str) -> bool:
    """Stricter than browsers, which mend "https:host" and turn backslashes: Slack does not."""
    scheme, _, rest = value.partition("://")
    if scheme.lower() not in {"http", "https"} or rest.startswith("/") or set(" \\") & set(value):
        return False
    try:
        host = _LINK.validate_python(value).host or ""
    except ValidationError:
        return False
    labels = host.removesuffix(".").split(".")
    return len(labels) > 1 and all(labels)


def _is_email(value: str) -> bool:
    try:
        _email().validate_python(value)
    except ValidationError:
        return False
    return True


def _title(kind: Kind, fields: Mapping[str, FieldValue]) -> str:
    for name in kind.title_fields:
        value = fields.get(name)
        if isinstance(value, str) and value:
            return cut(first_line(value), TITLE_LENGTH)
    return kind.label
