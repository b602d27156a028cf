"""The demo as it is started, in a real browser: its guided path, and what else people do first.

`--update-pictures` takes the documentation's pictures on the way.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from runtime.demo import demo_desk, demo_server
from runtime.demo_goals import SIGN_UPS
from runtime.demo_story import GUIDE
from tests.support.browser import IN_A_BROWSER, browser
from tests.support.walk import Walk, about, command, fill_in, fits, messages, pick, thread

QUOTE = "Since your tea, guests praise breakfast in reviews"
QUESTION = "May we show a photo of the breakfast table, too?"
ANSWER = "Ines sends one this afternoon. She is glad to be asked."
LINK = "northwind.example/posts/alma"

pytestmark = IN_A_BROWSER
__all__ = ["browser"]


@pytest_asyncio.fixture(loop_scope="module")
async def walk(
    browser: Browser, tmp_path: Path, picture_folder: Path | None
) -> AsyncIterator[Walk]:
    async with demo_desk(tmp_path / "demo.db") as demo:
        server = demo_server(demo)
        url = await server.start()
        context = await browser.new_context()
        context.set_default_timeout(6000)
        yield Walk(demo=demo, context=context, url=url, pictures=picture_folder)
        await context.close()
        await server.stop()
        assert demo.ws.problems == []


async def hand_in(walk: Walk) -> None:
    sam = await walk.be("sam", "sales")
    await command(sam, "sales", f"/social-testimonial {QUOTE}")

    async def fill(form: Locator) -> None:
        await expect(form.get_by_label("What did they say?")).to_have_value(QUOTE)
        await form.get_by_label("Person").fill("Ines Alma")
        await form.get_by_label("Customer").fill("Pension Alma")

    await fill_in(sam, "Hand in", fill, lambda form: walk.picture("form", form))


async def ask_back(walk: Walk) -> None:
    mia = await walk.be("mia", "advocacy-desk")
    card = about(mia, QUOTE)
    await expect(card.get_by_role("button", name="Accept")).to_be_visible()
    await expect(card.get_by_text("Ines Alma")).to_have_count(0)
    await fits(mia)
    await walk.picture("card", card)
    await pick(card, "Ask back")

    async def fill(form: Locator) -> None:
        await form.get_by_label("What do you need to know?").fill(QUESTION)

    await fill_in(mia, "Ask", fill)
    await expect(card.get_by_text("Question asked")).to_be_visible()


async def answer(walk: Walk) -> None:
    sam = await walk.be("sam", "messages")
    replies = await thread(sam, about(sam, "Pension Alma"))
    await expect(replies.get_by_text(QUESTION)).to_be_visible()
    field = replies.get_by_label("Reply", exact=True)
    await field.fill(ANSWER)
    await field.press("Enter")
    mia = await walk.be("mia", "advocacy-desk")
    card = about(mia, QUOTE)
    await expect(card.get_by_text("Question asked")).to_have_count(0)
    team = await thread(mia, card)
    await expect(team.get_by_text("answered")).to_be_visible()
    await expect(team.get_by_text(ANSWER)).to_have_count(0)
    await fits(mia)


async def publish(walk: Walk) -> None:
    mia = await walk.be("mia", "advocacy-desk")
    card = about(mia, QUOTE)
    await card.get_by_role("button", name="Accept").click()
    await expect(card.get_by_text("publishes it next")).to_be_visible()
    await card.get_by_role("button", name="Record consent").click()

    async def agree(form: Locator) -> None:
        await form.get_by_label("What exactly did they agree to?").fill("Yes, with our name")
        await form.get_by_label("How may they be shown?").select_option("With name, without logo")

    await fill_in(mia, "Record", agree, lambda form: walk.picture("consent", form))
    await expect(card.get_by_text("Consent: anywhere")).to_be_visible()
    await card.get_by_role("button", name="Published").click()

    async def link(form: Locator) -> None:
        await form.get_by_label("Link to the post").fill(f"https://{LINK}")
        await form.get_by_label("Where is that?").select_option("LinkedIn")

    await fill_in(mia, "Mark as published", link)
    await expect(card.get_by_text(LINK)).to_be_visible()
    sam = await walk.be("sam", "messages")
    replies = await thread(sam, about(sam, "Pension Alma"))
    await expect(replies.get_by_text(LINK)).to_be_visible()
    await fits(sam)
    await walk.picture("receipt", replies)


async def go_on_holiday(walk: Walk) -> None:
    noah = await walk.be("noah", "home")
    await expect(noah.get_by_role("button", name="Hand in a testimonial")).to_be_visible()
    await fits(noah)
    await walk.sheet("home", noah)
    await noah.get_by_role("button", name="Say that you are away").click()

    async def fill(form: Locator) -> None:
        back = walk.demo.clock.now() + timedelta(days=14)
        await form.get_by_label("Away until").fill(f"{back:%Y-%m-%d}")
        await form.get_by_label("Who stands in for you?").select_option("Lea Brandt")

    await fill_in(noah, "Save", fill, lambda form: walk.picture("away", form))
    await expect(noah.get_by_text("Lea Brandt stands in for you")).to_be_visible()
    lea = await walk.be("lea", "messages")
    await expect(about(lea, "you stand in")).to_contain_text("Noah Weber")
    lea = await walk.be("lea", "home")
    await expect(lea.get_by_text("Water: half of every cup")).to_be_visible()


async def look_at_goals(walk: Walk) -> None:
    lea = await walk.be("lea", "content-desk")
    await command(lea, "content-desk", "/social goals")
    goals = about(lea, SIGN_UPS)
    await goals.get_by_role("button", name=f"Enter where it stands: {SIGN_UPS}").click()

    async def fill(form: Locator) -> None:
        await form.get_by_label("Now, in sign-ups").fill("584")

    await fill_in(lea, "Save", fill)
    await expect(goals.get_by_text("584 of 600")).to_be_visible()
    await fits(lea)
    await walk.picture("goals", goals)


async def read_the_digest(walk: Walk) -> None:
    elena = await walk.be("elena", "leadership")
    before = await messages(elena).count()
    await elena.get_by_role("button", name="Jump to Monday 09:00").click()
    await expect(messages(elena)).to_have_count(before + 1)
    digest = messages(elena).last
    await expect(digest.get_by_text("Pension Alma")).to_be_visible()
    await expect(digest.get_by_text("584 of 600")).to_be_visible()
    await expect(digest.get_by_role("button", name="3 replies")).to_be_visible()
    await fits(elena)
    await walk.picture("digest", digest)
    replies = await thread(elena, digest)
    await expect(replies.get_by_text("Goals, one by one")).to_be_visible()
    await expect(replies.get_by_text("The long run")).to_be_visible()
    await fits(elena)
    await walk.whole("thread", replies)


PATH: dict[str, Callable[[Walk], Awaitable[None]]] = {
    "Hand in a testimonial": hand_in,
    "Ask back on the card": ask_back,
    "Answer in your messages": answer,
    "Accept, record the consent, publish": publish,
    "Go on holiday": go_on_holiday,
    "Look at the goals": look_at_goals,
    "Read Monday's digest": read_the_digest,
}


async def test_the_guided_path(walk: Walk) -> None:
    assert list(PATH) == list(GUIDE)
    for step in PATH.values():
        await step(walk)


async def set_up(walk: Walk) -> None:
    elena = await walk.be("elena", "home")
    await expect(elena.get_by_role("heading", name="Set-up")).to_be_visible()
    await fits(elena)
    await walk.sheet("setup", elena, "Set-up")
    await elena.get_by_role("button", name="Change the role Content lead").click()

    async def call_in_mia(form: Locator) -> None:
        called = form.get_by_role("group", name="Who is called in?")
        await called.get_by_label("Mia Rossi").check()

    await fill_in(elena, "Save", call_in_mia)
    await expect(elena.get_by_text("@Lea Brandt, @Mia Rossi")).to_be_visible()


async def hand_over_and_schedule(walk: Walk) -> None:
    noah = await walk.be("noah", "content-desk")
    await pick(about(noah, "Water: half of every cup"), "Hand over")

    async def to_lea(form: Locator) -> None:
        await form.get_by_label("To whom?").select_option("Social lead")
        await form.get_by_label("What should they know?").fill("You know the waterworks.")

    await fill_in(noah, "Hand over", to_lea)
    await expect(about(noah, "has its card")).to_contain_text("Lea Brandt")
    tins = about(noah, "The tins come back")
    await tins.get_by_role("button", name="Schedule").click()

    async def on_friday(form: Locator) -> None:
        at = walk.demo.clock.now() + timedelta(days=5)
        await form.get_by_label("When does it go out?").fill(f"{at:%Y-%m-%d}T10:00")
        await form.get_by_label("Where?").select_option("LinkedIn")

    await fill_in(noah, "Schedule", on_friday)
    await expect(tins.get_by_text("publishes it then")).to_be_visible()
    await fits(noah)


async def look_behind_open(walk: Walk) -> None:
    priya = await walk.be("priya", "product")
    await command(priya, "product", "/social 1")
    opened = priya.get_by_role("dialog")
    await expect(opened.get_by_text("How our tea bags lost their plastic")).to_be_visible()
    await fits(priya)
    jonas = await walk.be("jonas", "lead-desk")
    lead = about(jonas, "A sleeper blend")
    await expect(lead.get_by_text("Night train Süd")).to_have_count(0)
    await lead.get_by_role("button", name="Open").click()
    opened = jonas.get_by_role("dialog")
    await expect(opened.get_by_text("Night train Süd")).to_be_visible()
    await expect(opened.get_by_text("Jonas Lind opened the details")).to_be_visible()
    await fits(jonas)
    await walk.picture("lead", opened)


async def find_a_draft(walk: Walk) -> None:
    sam = await walk.be("sam", "sales")
    await command(sam, "sales", "/social-idea")
    form = sam.get_by_role("dialog", name="Hand in an idea")
    await form.get_by_label("Title").fill("Half an idea")
    await form.get_by_label("What is the story?").fill("Once\nupon")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_have_count(0)
    await command(sam, "sales", "/social-idea")
    await expect(form.get_by_label("Title")).to_have_value("Half an idea")
    await expect(form.get_by_label("What is the story?")).to_have_value("Once\nupon")
    await fits(sam)


async def test_the_rest_of_a_day(walk: Walk) -> None:
    await set_up(walk)
    await hand_over_and_schedule(walk)
    await look_behind_open(walk)
    await find_a_draft(walk)
    await hand_in(walk)
    mia = await walk.be("mia", "advocacy-desk")
    await expect(about(mia, QUOTE).get_by_role("button", name="Accept")).to_be_visible()
    await walk.picture("demo", mia)


async def test_a_phone_shows_it_all(walk: Walk, picture_folder: Path | None) -> None:
    walk.width, walk.height, walk.pictures = 390, 844, None
    for step in (hand_in, ask_back, answer, set_up, hand_over_and_schedule, look_behind_open):
        await step(walk)
    elena = await walk.be("elena", "leadership")
    await fits(elena)
    walk.pictures = picture_folder
    await walk.picture("phone", elena)


SHOWN = {
    "help": "Hand in",
    "mine": "You handed in",
    "queue": "Nothing waits",
    "goals": SIGN_UPS,
    "digest": "Social digest",
    "digests": "gets the digest",
    "decisions": "decision",
    "results": "Results of the last 28 days",
    "spend": "Spent in",
    "stories": "Stories",
    "lessons": "lesson",
    "experiments": "Until",
    "content": "Content types",
    "stages": "From knowing us",
    "exchange": "Week from",
    "pulse": "How well is social integrated",
    "checkup": "Check-up",
    "find tea": "with “tea”",
}
"""The words that show something, and what stands in it."""

ASKED = {
    "decision": "Decision",
    "conversion": "Enter a conversion",
    "phrase": "A code phrase",
    "import": "Import a file",
    "experiment": "New experiment",
    "lesson": "A lesson",
}
"""The words that open a form, and its title."""

PICTURED = {"stories", "checkup", "results"}


async def say(page: Page, words: str) -> None:
    """Type a word of the main command in #leadership."""
    await command(page, "leadership", f"/social {words}")


async def look_at_words(walk: Walk) -> None:
    for words, text in SHOWN.items():
        elena = await walk.be("elena", "leadership")  # anew: what only she saw is gone
        await say(elena, words)
        shown = messages(elena).last
        await expect(shown).to_contain_text(text)
        await fits(elena)
        if words in PICTURED:
            await walk.picture(words, shown)


async def look_into_a_digest(walk: Walk) -> None:
    elena = await walk.be("elena", "leadership")
    await say(elena, "digests")
    await (
        messages(elena)
        .last.get_by_role("button", name="Open the digest for Leadership: Mondays")
        .click()
    )
    opened = elena.get_by_role("dialog", name="Digest")
    await expect(opened.get_by_text("Send now")).to_be_visible()
    await fits(elena)
    await walk.picture("digests", opened)


async def open_forms(walk: Walk) -> None:
    elena = await walk.be("elena", "leadership")
    for words, title in ASKED.items():
        await say(elena, words)
        form = elena.get_by_role("dialog", name=title)
        await expect(form).to_be_visible()
        await fits(elena)
        await form.get_by_role("button", name="Cancel").click()
        await expect(form).to_have_count(0)


async def test_what_each_word_shows_and_asks_is_for_everybody(walk: Walk) -> None:
    if walk.pictures is None:
        walk.width, walk.height = 390, 844
    await look_at_words(walk)
    await look_into_a_digest(walk)
    await open_forms(walk)
