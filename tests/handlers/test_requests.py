"""What Slack sends, reduced to what was meant."""

from typing import Any

import pytest

from bot.desk import Member
from bot.errors import NotFoundError
from handlers.requests import form_values, request_of, typed_text

MEMBERS = {"U0ADA": Member(user_id="U0ADA", name="Ada")}


@pytest.mark.parametrize(
    "sent, typed",
    [
        ("plain", "plain"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
        ("ask <@U0ADA> or <@U0EVE>", "ask @Ada or @someone"),
        ("ask <@U0ADA|ada.l>", "ask @ada.l"),
        ("in <#C0GEN|general> and <#C0OTHER>", "in #general and #a channel"),
        ("<!channel> <!here|@here> <!subteam^S1|@team>", "@channel @here @team"),
        ("<https://a.example/x|a.example/x>", "https://a.example/x"),
        ("<https://a.example/x|https://a.example/x>", "https://a.example/x"),
        (
            "see <https://a.example/x|Petra's case> now",
            "see Petra's case (https://a.example/x) now",
        ),
        ("<mailto:ada@example.com|Ada>", "Ada (ada@example.com)"),
        ("<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"),
        ("<mailto:ada@example.com|ada@example.com>", "ada@example.com"),
        ("a &lt;b|c&gt; d", "a <b|c> d"),
    ],
)
def test_markup_becomes_what_was_typed(sent: str, typed: str) -> None:
    assert typed_text(sent, MEMBERS) == typed


def test_values_of_a_form_by_block() -> None:
    view = {
        "state": {
            "values": {
                "title": {"v": {"type": "plain_text_input", "value": "A"}},
                "text": {"v": {"type": "plain_text_input", "value": None}},
                "type": {"v": {"selected_option": {"value": "video"}}},
                "none": {"v": {"selected_option": None}},
                "day": {"v": {"type": "datepicker", "selected_date": "2026-12-01"}},
                "no_day": {"v": {"type": "datepicker", "selected_date": None}},
                "many": {"v": {"selected_options": [{"value": "a"}, {"value": "b"}]}},
                "moment": {"v": {"type": "datetimepicker", "selected_date_time": 1794302900}},
                "person": {"v": {"type": "users_select", "selected_user": "U1"}},
                "people": {"v": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
            }
        }
    }
    assert form_values(view) == {
        "title": "A",
        "text": "",
        "type": "video",
        "none": "",
        "day": "2026-12-01",
        "no_day": "",
        "many": ("a", "b"),
        "moment": "1794302900",
        "person": "U1",
        "people": ("U1", "U2"),
    }
    assert form_values({}) == {}


@pytest.mark.parametrize(
    "body, channel",
    [
        ({"user_id": "U1", "team_id": "T1", "channel_id": "C1"}, "C1"),
        ({"user": {"id": "U1"}, "team": {"id": "T1"}, "channel": {"id": "C1"}}, "C1"),
        ({"user": {"id": "U1", "team_id": "T1"}, "container": {"channel_id": "C2"}}, "C2"),
        ({"user": {"id": "U1"}, "team": {"id": "T1"}, "container": {"type": "view"}}, None),
    ],
)
def test_who_and_where(body: dict[str, Any], channel: str | None) -> None:
    request = request_of(body, "T1")
    assert (request.user_id, request.workspace_id, request.channel_id) == ("U1", "T1", channel)


@pytest.mark.parametrize("body", [{}, {"user_id": "U1"}, {"team_id": "T1"}, {"user": 3, "team": 4}])
def test_nobody_from_nowhere(body: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError):
        request_of(body, "T1")
