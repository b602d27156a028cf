import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Desk, Member, Role, Rule, default_desk
from bot.kinds import KINDS
from bot.routing import Facts, accountable, active_holders, matches, possible_roles, route

IDEA = KINDS["idea"]
FACTS = Facts(
    kind=IDEA,
    fields={
        "title": "Die Übung am großen Schiff",
        "text": "Our C++ team (with OPENSSL) met #hiring",
        "content_type": "video",
        "platforms": ("linkedin", "blog"),
    },
    department="Sales",
    channel_id="C1",
)


@pytest.mark.parametrize(
    "conditions, holds",
    [
        ({}, True),
        ({"kinds": ("idea",)}, True),
        ({"kinds": ("lead", "idea")}, True),
        ({"kinds": ("lead",)}, False),
        ({"content_types": ("video",)}, True),
        ({"content_types": ("story",)}, False),
        ({"platforms": ("x", "blog")}, True),
        ({"platforms": ("x",)}, False),
        ({"departments": ("Sales",)}, True),
        ({"departments": ("sales",)}, False),
        ({"channels": ("C1",)}, True),
        ({"channels": ("C2",)}, False),
        ({"words": ("schiff",)}, True),
        ({"kinds": ("idea",), "platforms": ("x",), "words": ("schiff",)}, False),
        ({"kinds": ("idea",), "platforms": ("blog",), "words": ("schiff",)}, True),
    ],
)
def test_conditions(conditions: dict[str, tuple[str, ...]], holds: bool) -> None:
    assert matches(Rule(role_id="any", **conditions), FACTS) is holds


@pytest.mark.parametrize("name", ["content_types", "platforms", "departments", "channels", "words"])
def test_a_condition_on_what_is_missing_does_not_hold(name: str) -> None:
    given_one: dict[str, Any] = {name: ("Sales",)}
    bare = Facts(kind=IDEA, fields={"title": "Pump"})
    assert not matches(Rule(role_id="any", **given_one), bare)


@pytest.mark.parametrize(
    "word, found",
    [
        ("übung", True),
        ("ÜBUNG", True),
        (unicodedata.normalize("NFD", "Übung"), True),
        ("bung", False),
        ("Üb", False),
        ("gross", False),
        ("GROSSEN", True),
        ("großen", True),
        ("am großen", True),
        ("ssl", False),
        ("openssl", True),
        ("c++", True),
        ("#hiring", True),
        ("hiring", True),
        (".*", False),
        ("", False),
        (" ", False),
        ("linkedin", False),
    ],
)
def test_whole_words_whatever_their_case(word: str, found: bool) -> None:
    assert matches(Rule(role_id="any", words=(word,)), FACTS) is found


def with_rules(*rules: Rule, **holders: tuple[str, ...]) -> Desk:
    roles = {
        role_id: replace(role, holders=holders.get(role_id, ()))
        for role_id, role in default_desk().roles.items()
    }
    return replace(default_desk(), roles=roles, rules=rules)


EVERYBODY_HOLDS = dict.fromkeys(default_desk().roles, ("U1",))


def test_the_first_rule_that_matches_wins() -> None:
    desk = with_rules(
        Rule(role_id="lead_desk", kinds=("lead",)),
        Rule(role_id="advocacy_lead", platforms=("blog",)),
        Rule(role_id="social_lead"),
        **EVERYBODY_HOLDS,
    )
    assert route(desk, FACTS, {}).role_id == "advocacy_lead"


def test_without_a_rule_the_kind_decides() -> None:
    for kind in KINDS.values():
        found = route(with_rules(**EVERYBODY_HOLDS), Facts(kind=kind, fields={}), {})
        assert found.role_id == kind.default_role


GONE = Member(user_id="U1", name="Left", is_deleted=True)
BOT = Member(user_id="U1", name="Bot", is_bot=True)
HERE = Member(user_id="U1", name="Here")


@pytest.mark.parametrize(
    "holders, member, owner",
    [
        ({"content_lead": ("U1",)}, HERE, "content_lead"),
        ({"content_lead": ("U1",)}, GONE, "social_lead"),
        ({"content_lead": ("U1",)}, BOT, "social_lead"),
        ({"content_lead": ("U1", "U2")}, GONE, "content_lead"),
        ({"content_lead": ("U3",)}, HERE, "content_lead"),
        ({}, HERE, "social_lead"),
        ({"social_lead": ("U1",)}, HERE, "social_lead"),
    ],
)
def test_a_role_that_nobody_active_holds_gives_way(
    holders: dict[str, tuple[str, ...]], member: Member, owner: str
) -> None:
    found = accountable(with_rules(**holders), "content_lead", {"U1": member})
    assert found.role_id == owner


def test_holders_keep_their_order() -> None:
    role = Role(role_id="r", label="R", holders=("U2", "U1", "U3"))
    assert active_holders(role, {"U1": GONE}) == ("U2", "U3")


def test_a_chain_of_fallbacks_is_followed_to_its_first_holder() -> None:
    roles = {
        "a": Role(role_id="a", label="A", fallback="b"),
        "b": Role(role_id="b", label="B", fallback="c", holders=("U1",)),
        "c": Role(role_id="c", label="C", holders=("U2",)),
        "end": Role(role_id="end", label="End", holders=("U3",)),
    }
    desk = Desk(version=1, fallback_role="end", roles=roles)
    assert accountable(desk, "a", {}).role_id == "b"
    assert accountable(desk, "a", {"U1": GONE}).role_id == "c"
    both = {"U1": GONE, "U2": replace(GONE, user_id="U2")}
    assert accountable(desk, "a", both).role_id == "end"


def test_fallbacks_in_a_circle_end_at_the_desks_fallback() -> None:
    roles = {
        "a": Role(role_id="a", label="A", fallback="b"),
        "b": Role(role_id="b", label="B", fallback="a"),
        "self": Role(role_id="self", label="Self", fallback="self"),
        "end": Role(role_id="end", label="End", holders=("U3",), fallback="a"),
    }
    desk = Desk(version=1, fallback_role="end", roles=roles)
    assert {accountable(desk, role_id, {}).role_id for role_id in roles} == {"end"}


def test_a_role_that_was_merged_away_is_the_fallbacks() -> None:
    assert accountable(with_rules(), "gone", {}).role_id == "social_lead"


def test_the_roles_a_submission_may_go_to() -> None:
    desk = with_rules(
        Rule(role_id="lead_desk", kinds=("lead",)),
        Rule(role_id="advocacy_lead", words=("customer",)),
        content_lead=("U1",),
        advocacy_lead=("U2",),
        social_lead=("U3",),
    )
    assert [r.role_id for r in possible_roles(desk, IDEA, {})] == ["content_lead", "advocacy_lead"]
    assert [r.role_id for r in possible_roles(desk, KINDS["lead"], {})] == [
        "social_lead",
        "advocacy_lead",
    ]


role_ids = st.sampled_from(["social_lead", "content_lead", "advocacy_lead", "lead_desk", "extra"])
user_ids = st.sampled_from(["U1", "U2", "U3", "U4"])
rules = st.builds(
    Rule,
    role_id=role_ids,
    kinds=st.sampled_from([(), ("idea",), ("lead", "idea")]),
    platforms=st.sampled_from([(), ("blog",)]),
    departments=st.sampled_from([(), ("Sales",)]),
    words=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)
members = st.dictionaries(
    user_ids,
    st.builds(
        Member, user_id=st.just("U1"), name=st.just("N"), is_bot=st.booleans(), is_deleted=...
    ),
)


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    roles = {
        role_id: Role(
            role_id=role_id,
            label=role_id,
            holders=tuple(draw(st.lists(user_ids, unique=True, max_size=3))),
            fallback=draw(st.none() | role_ids),
        )
        for role_id in ("social_lead", "content_lead", "advocacy_lead", "lead_desk", "extra")
    }
    found = tuple(draw(st.lists(rules, max_size=4)))
    return Desk(version=1, fallback_role=draw(role_ids), roles=roles, rules=found)


@given(desks(), st.sampled_from(list(KINDS.values())), st.text(), members)
def test_there_always_is_an_accountable_role(
    desk: Desk, kind: Any, text: str, known: dict[str, Member]
) -> None:
    found = route(desk, Facts(kind=kind, fields={kind.text_field: text}), known)
    assert desk.roles[found.role_id] is found
    held = [role for role in desk.roles.values() if active_holders(role, known)]
    if not active_holders(found, known):
        assert found.role_id == desk.fallback_role
        assert desk.roles[desk.fallback_role] not in held
    assert {role.role_id for role in possible_roles(desk, kind, known)} <= set(desk.roles)
