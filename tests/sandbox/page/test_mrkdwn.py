from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.page.dates import ago, formatted, next_monday, ordinal
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.rich_text import as_text, rich_text
from sandbox.page.scene import Scene
from tests.support.page_app import Desk

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def scene() -> Scene:
    world = Desk().world
    return Scene(world.ws, world.ada.user)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("*bold* _it_ ~no~", "<strong>bold</strong> <em>it</em> <s>no</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("* no* *no *", "* no* *no *"),
        ("`*as it is* &lt;b&gt;`", "<code>*as it is* &lt;b&gt;</code>"),
        ("```\na\n b\n```", "<pre>a\n b</pre>"),
        ("a\nb", "a<br>b"),
        ("&gt; said\nthen", "<blockquote>said</blockquote><div>then</div>"),
        (
            "Your text:\n>>> a\n&gt; b",
            "Your text:<blockquote>a<br>&gt; b</blockquote>",
        ),
        ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
        (":tada: :nosuch:", "🎉 :nosuch:"),
        ("&lt;b&gt; &amp; <b>", "&lt;b&gt; &amp; &lt;b&gt;"),
        ("<@U00000002>", '<span class="mention">@Bob Ross</span>'),
        ("<@U00000001>", '<span class="mention me">@Ada Lovelace</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
    ],
)
def test_markup(text: str, shown: str, scene: Scene) -> None:
    assert mrkdwn(text, scene) == shown


def test_links(scene: Scene) -> None:
    out = 'target="_blank" rel="noopener noreferrer"'
    assert mrkdwn("<https://x.io/?a=1&amp;b=2|the *x*>", scene) == (
        f'<a href="https://x.io/?a=1&amp;b=2" {out}>the <strong>x</strong></a>'
    )
    assert mrkdwn("see https://x.io/a, ok", scene) == (
        f'see <a href="https://x.io/a" {out}>https://x.io/a</a>, ok'
    )
    there = "<https://sandbox.slack.com/archives/C1/p1795161600000005|here>"
    assert mrkdwn(there, scene) == (
        '<a href="?in=C1" data-do="go" data-place="C1" data-ts="1795161600.000005">here</a>'
    )


def test_a_private_channel_keeps_its_name_to_itself(scene: Scene) -> None:
    secret = scene.ws.channels["C00000001"]
    assert "#ideas" in mrkdwn(f"<#{secret.id}>", scene)
    hidden = Desk().world.ws.add_channel("secret", "U00000002", is_private=True)
    scene.ws.channels[hidden.id] = hidden
    assert "secret" not in mrkdwn(f"<#{hidden.id}|secret>", scene)


def test_a_date_stands_in_the_viewers_zone(scene: Scene) -> None:
    shown = mrkdwn("<!date^1795161600^{date_short_pretty} at {time}|then>", scene)
    assert shown == '<time datetime="2026-11-20T09:00:00+01:00">today at 09:00</time>'
    assert mrkdwn("<!date^99999999999^{date}|then>", scene) != "then"


def test_rich_text(scene: Scene) -> None:
    leaves = [
        {"type": "text", "text": "a<b", "style": {"bold": True, "code": True}},
        {"type": "emoji", "name": "tada"},
        {"type": "strange"},
    ]
    block = {"elements": [{"type": "rich_text_section", "elements": leaves}]}
    assert rich_text(block, scene) == ("<div><strong><code>a&lt;b</code></strong>🎉[strange]</div>")
    assert as_text(block) == "a<b"


@pytest.mark.parametrize(
    "pattern, shown",
    [
        ("{date_num}", "2026-11-22"),
        ("{date}", "November 22nd, 2026"),
        ("{date_short}", "Nov 22, 2026"),
        ("{date_long}", "Sunday, November 22nd, 2026"),
        ("by {date_pretty}", "by tomorrow"),
        ("{time_secs} {nothing}", "09:05:00 {nothing}"),
        ("{ago}", "in 1 day"),
    ],
)
def test_date_tokens(pattern: str, shown: str) -> None:
    now = datetime(2026, 11, 21, 9, 5, tzinfo=BERLIN)
    assert formatted(now + timedelta(days=1), pattern, now) == shown


def test_ordinals_and_ages() -> None:
    assert [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "31st",
    ]  # fmt: skip
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert ago(now - timedelta(hours=3), now) == "3 hours ago"
    assert ago(now, now) == "just now"


@pytest.mark.parametrize(
    "now, monday",
    [
        ((2026, 11, 20, 9), (2026, 11, 23, 9)),
        ((2026, 11, 23, 8), (2026, 11, 23, 9)),
        ((2026, 11, 23, 9), (2026, 11, 30, 9)),
        ((2026, 10, 24, 12), (2026, 10, 26, 9)),  # the clocks go back on the 25th
    ],
)
def test_the_next_monday(now: tuple[int, ...], monday: tuple[int, ...]) -> None:
    at = datetime(now[0], now[1], now[2], now[3], tzinfo=BERLIN)
    found = next_monday(at)
    assert (found.year, found.month, found.day, found.hour) == monday
