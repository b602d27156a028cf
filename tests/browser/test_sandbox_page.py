"""The page in Chromium: what only a browser can show."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from sandbox.page.server import add_page
from sandbox.people import Person
from sandbox.server import Server
from tests.support.browser import IN_A_BROWSER, accessible, browser
from tests.support.page_app import GUIDE, Desk, seen
from tests.support.sandbox_app import World

pytestmark = IN_A_BROWSER
__all__ = ["browser"]

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@dataclass(frozen=True, slots=True)
class Site:
    """A running page, and how to open it as a colleague."""

    world: World
    open: Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def site(browser: Browser) -> AsyncIterator[Site]:
    world = Desk().world

    def mount(app: web.Application) -> None:
        add_page(app, world.ws, guide=GUIDE)

    server = Server(world.ws, mount)
    url = await server.start()
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(4000)
    elsewhere: list[str] = []
    errors: list[str] = []
    context.on("request", lambda r: elsewhere.append(r.url) if not r.url.startswith(url) else None)

    async def open_page(person: Person, place: str = world.ideas.id) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        await page.goto(f"{url}/?as={person.id}&in={place}")
        await page.wait_for_selector("html[data-ready]")
        return page

    yield Site(world, open_page)
    await context.close()
    await server.stop()
    assert [url for url in elsewhere if not url.startswith("data:")] == []
    assert errors == []


async def command(page: Page, text: str) -> None:
    field = page.get_by_label("Message #ideas")
    await field.fill(text)
    await field.press("Enter")


async def test_command_modal_error_submit_and_another_tab_sees_it(site: Site) -> None:
    ada = await site.open(site.world.ada)
    bob = await site.open(site.world.bob)
    await accessible(ada)

    await ada.get_by_label("Message #ideas").press_sequentially("/id")
    await expect(ada.get_by_role("option", name="/idea")).to_be_visible()
    await ada.keyboard.press("Tab")
    await expect(ada.locator("p.usage")).to_have_text("/idea [what it is about]")
    await ada.keyboard.press("Enter")
    dialog = ada.get_by_role("dialog", name="New idea")
    await expect(dialog.get_by_label("Title")).to_be_focused()

    await ada.keyboard.press("Enter")
    await expect(dialog.get_by_text("Please complete this required field.")).to_be_visible()
    await dialog.get_by_label("Note").fill("half a thought")
    await dialog.get_by_label("Title").fill("taken")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_text("Taken already")).to_be_visible()
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await expect(dialog.get_by_label("Note")).to_have_value("half a thought")
    await accessible(ada)

    await dialog.get_by_label("Title").fill("Ten <b>tips</b>")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    await expect(ada.get_by_label("Message #ideas")).to_be_focused()

    card = bob.get_by_role("article", name="Tiny")
    await expect(card.get_by_text("Ten <b>tips</b>")).to_be_visible()
    await bob.get_by_label("Message #ideas").fill("half a sen")
    await card.get_by_role("button", name="Accept").click()
    await expect(ada.get_by_text("Accepted by @Bob Ross")).to_be_visible()
    await expect(bob.get_by_text("Accepted by @Bob Ross")).to_be_visible()
    await expect(bob.get_by_label("Message #ideas")).to_have_value("half a sen")
    assert site.world.ws.problems == []


async def test_thread_question_and_menus(site: Site) -> None:
    world = site.world
    await world.ada.slash("/idea", channel=world.ideas.id)
    await world.ada.submit({"title": "Ten tips"})
    page = await site.open(world.bob)
    card = page.get_by_role("log", name="Messages").get_by_role("article", name="Tiny")
    await card.get_by_role("button", name="Decline").click()
    question = page.get_by_role("dialog", name="Decline this?")
    await accessible(page)
    await page.keyboard.press("Escape")
    await expect(question).to_have_count(0)
    await card.get_by_role("button", name="Decline").click()
    await question.get_by_role("button", name="Decline").click()

    await card.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("Declined")).to_be_visible()
    await expect(thread.get_by_label("Reply", exact=True)).to_be_focused()
    await page.keyboard.type("Why?")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_text("Why?")).to_be_visible()
    await expect(card.get_by_role("button", name="2 replies")).to_be_visible()
    await accessible(page)
    await page.get_by_role("button", name="Close thread").click()

    await card.get_by_role("button", name="More actions").click()
    await accessible(page)
    await page.get_by_role("button", name="Later").click()
    await page.wait_for_selector("html:not([data-pending])")
    assert seen[-1]["selected_option"]["value"] == "later"
    await card.hover()
    await card.get_by_role("button", name="Message shortcuts").click()
    await page.get_by_role("button", name="Keep this").click()
    await expect(page.get_by_role("dialog", name="New idea")).to_be_visible()


async def test_every_field_and_an_update_that_keeps_what_was_typed(site: Site) -> None:
    page = await site.open(site.world.ada)
    await command(page, "/inputs")
    dialog = page.get_by_role("dialog")
    await accessible(page)
    await dialog.get_by_label("Note").fill("kept\nwords")
    await dialog.get_by_label("Linkedin").check()
    await dialog.get_by_label("Kind").select_option("Story")
    await expect(dialog.get_by_text("This is a story")).to_be_visible()
    await expect(dialog.get_by_label("Note")).to_have_value("kept\nwords")
    await dialog.get_by_label("Count").fill("many")
    await dialog.get_by_label("Yes").check()
    await dialog.get_by_label("Moment").fill("2026-11-23T09:00")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_text("Must be a number.")).to_be_visible()
    await dialog.get_by_label("Count").fill("3")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    values = {block: held["v"] for block, held in seen[-1].items()}
    assert values["note"]["value"] == "kept\nwords"
    assert [chosen["value"] for chosen in values["where"]["selected_options"]] == ["linkedin"]
    assert values["pick"]["selected_option"]["value"] == "yes"
    assert values["day"]["selected_date"] == "2026-11-23"
    assert values["moment"]["selected_date_time"] == 1795420800
    assert values["count"]["value"] == "3"


async def test_home_digest_clock_and_problems(site: Site) -> None:
    page = await site.open(site.world.ada, "home")
    await expect(page.get_by_role("heading", name="Hand in")).to_be_visible()
    await accessible(page)
    await page.get_by_role("button", name="Hand in idea").click()
    await expect(page.get_by_role("dialog", name="New idea")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.get_by_role("button", name="ideas").click()
    await command(page, "/digest")
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    summary = page.get_by_text("Show as table")
    await summary.click()
    await site.world.bob.say(site.world.ideas.id, "Hello")
    await expect(page.get_by_role("log").get_by_text("Hello")).to_be_visible()
    await expect(page.get_by_role("cell", name="9").first).to_be_visible()
    await accessible(page)

    await page.get_by_role("button", name="Jump to Monday 09:00").click()
    await expect(page.get_by_role("group", name="Clock")).to_contain_text("Mon 23 Nov 2026")
    await command(page, "/silent")
    failed = "/silent failed with the error operation_timeout"
    await expect(page.get_by_role("alert")).to_contain_text(failed)
    await page.get_by_text("1 thing that real Slack").click()
    await accessible(page)
    await page.get_by_role("button", name="Clear").click()
    await expect(page.get_by_text("1 thing that real Slack")).to_have_count(0)
    assert site.world.ws.problems == []


async def test_on_a_phone_as_somebody_else_and_after_a_break(site: Site) -> None:
    page = await site.open(site.world.ada)
    await page.set_viewport_size({"width": 390, "height": 844})
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    places = page.get_by_role("navigation", name="Places")
    await expect(places).to_be_hidden()
    await accessible(page)
    await page.emulate_media(color_scheme="dark")
    await accessible(page)
    await page.get_by_role("button", name="Places").click()
    await places.get_by_role("button", name="Tiny").click()
    await expect(page.get_by_role("heading", name="Tiny")).to_be_visible()
    await expect(places).to_be_hidden()
    await page.get_by_label("You are").select_option("Bob Ross")
    await expect(page).to_have_title("Tiny · Bob Ross · Sandbox")
    assert f"as={site.world.bob.id}" in page.url
    await page.reload()
    await expect(page.get_by_label("You are")).to_have_value(site.world.bob.id)


def picture(name: str = "photo.png") -> FilePayload:
    """A picture of one pixel."""
    return {"name": name, "mimeType": "image/png", "buffer": base64.b64decode(PIXEL)}


def letter(name: str, text: str = "R&D") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


async def done(page: Page) -> None:
    await page.wait_for_selector("html:not([data-pending])")


PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])


async def sized(page: Page, size: ViewportSize | None) -> None:
    if size is not None:
        await page.set_viewport_size(size)


async def fits(page: Page) -> None:
    """Nothing sticks out at the side, and axe has nothing to say."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await accessible(page)


@SIZES
async def test_files_in_a_form(site: Site, size: ViewportSize | None) -> None:
    page = await site.open(site.world.ada)
    await sized(page, size)
    await command(page, "/inputs")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Note").fill("kept")
    async with page.expect_file_chooser() as chooser:
        await dialog.get_by_text("Add files").click()
    await (await chooser.value).set_files([picture(), letter("brief.txt")])
    await expect(dialog.get_by_text("brief.txt")).to_be_visible()
    await expect(dialog.get_by_label("Note")).to_have_value("kept")
    await fits(page)
    await dialog.get_by_label("Add files").set_input_files([letter("plan.txt")])
    await expect(dialog.get_by_text("You can add 2 files at most.")).to_be_visible()
    await fits(page)
    await dialog.get_by_role("button", name="Remove brief.txt").click()
    await expect(dialog.get_by_text("brief.txt")).to_have_count(0)
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    [file] = seen[-1]["proof"]["v"]["files"]
    assert (file["name"], file["mimetype"]) == ("photo.png", "image/png")
    assert site.world.ws.files[file["id"]].content == base64.b64decode(PIXEL)


@SIZES
async def test_leaving_a_form_asks_the_app(site: Site, size: ViewportSize | None) -> None:
    page = await site.open(site.world.ada)
    await sized(page, size)
    for way, cleared in (("button", False), ("x", True), ("Escape", False)):
        await command(page, "/inputs")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Note").fill(f"half, {way}")
        closers = dialog.get_by_role("button", name="Close")
        if way == "Escape":
            await page.keyboard.press("Escape")
        else:
            await (closers.first if way == "x" else closers.last).click()
        await expect(dialog).to_have_count(0)
        await done(page)
        assert seen[-1]["type"] == "view_closed"
        assert seen[-1]["is_cleared"] is cleared
        assert seen[-1]["view"]["state"] == {"values": {}}


@SIZES
async def test_files_in_messages(site: Site, size: ViewportSize | None) -> None:
    world = site.world
    page = await site.open(world.ada)
    await sized(page, size)
    async with page.expect_file_chooser() as chooser:
        await page.get_by_title("Attach files").locator("xpath=..").click()
    await (await chooser.value).set_files([picture(), letter("notes & more.txt")])
    await expect(page.get_by_role("button", name="Remove photo.png")).to_be_visible()
    await fits(page)
    await page.get_by_role("button", name="Remove photo.png").click()
    await page.get_by_label("Attach files").set_input_files([picture("proof.png")])
    await expect(page.get_by_role("button", name="Remove proof.png")).to_be_visible()
    await page.get_by_label("Message #ideas").fill("Love it")
    await page.keyboard.press("Enter")
    log = page.get_by_role("log")
    await expect(log.get_by_text("Love it")).to_be_visible()
    shown = log.get_by_role("link", name="proof.png")
    await expect(shown.locator("img")).to_have_js_property("naturalWidth", 1)
    await fits(page)
    async with page.context.expect_page() as opened:
        await log.get_by_role("link", name="notes & more.txt").click()
    await expect((await opened.value).locator("body")).to_have_text("R&D")
    [message] = world.bob.messages(world.ideas.id)
    assert [file.name for file in world.bob.files(message)] == ["notes & more.txt", "proof.png"]


@SIZES
async def test_writing_to_the_app_and_in_its_thread(site: Site, size: ViewportSize | None) -> None:
    world = site.world
    await world.call("chat.postMessage", channel=world.ada.id, text="Thanks for the idea")
    page = await site.open(world.ada, "messages")
    await sized(page, size)
    await page.get_by_label("Message Tiny").fill("When is it out?")
    await page.keyboard.press("Enter")
    log = page.get_by_role("log", name="Messages with Tiny")
    await expect(log.get_by_text("When is it out?")).to_be_visible()
    assert seen[-1]["channel_type"] == "im"
    receipt = log.get_by_role("article", name="Tiny")
    await receipt.hover()
    await receipt.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_label("Attach files").set_input_files([letter("more.txt")])
    await expect(thread.get_by_role("button", name="Remove more.txt")).to_be_visible()
    await thread.get_by_label("Reply", exact=True).fill("One more thing")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_role("link", name="more.txt")).to_be_visible()
    await fits(page)
    await done(page)
    assert seen[-1]["thread_ts"] == world.ada.dms()[0].ts
    assert seen[-1]["subtype"] == "file_share"


@SIZES
async def test_menus_and_pickers_in_messages_and_home(
    site: Site, size: ViewportSize | None
) -> None:
    page = await site.open(site.world.ada)
    await sized(page, size)
    await command(page, "/pickers")
    card = page.get_by_role("article", name="Tiny")
    await expect(card.get_by_text("Pick in a section")).to_be_visible()
    await fits(page)
    await card.get_by_role("button", name="More actions").click()
    await fits(page)
    await page.get_by_role("button", name="Open").click()
    await done(page)
    assert seen[-1]["selected_option"]["value"] == "open"
    for label, value, key, told in (
        ("Day", "2026-12-24", "selected_date", "2026-12-24"),
        ("Hour", "09:30", "selected_time", "09:30"),
        ("p.moment", "2026-12-24T01:00", "selected_date_time", 1798070400),
    ):
        await card.get_by_label(label, exact=True).fill(value)
        await done(page)
        assert seen[-1][key] == told
    await card.get_by_label("Colleague").select_option("Bob Ross")
    await done(page)
    assert seen[-1]["selected_user"] == site.world.bob.id
    await card.get_by_label("Channel").select_option("#ideas")
    await done(page)
    assert seen[-1]["selected_channel"] == site.world.ideas.id
    await card.get_by_label("Yes").check()
    await done(page)
    assert seen[-1]["selected_option"]["value"] == "yes"
    for name in ("Red", "Green"):
        await card.get_by_label(name).check()
        await done(page)
    assert [one["value"] for one in seen[-1]["selected_options"]] == ["red", "green"]
    await card.get_by_role("group", name="Who owns it?").get_by_label("Ada Lovelace").check()
    await done(page)
    assert seen[-1]["selected_users"] == [site.world.ada.id]

    state, question = card.get_by_label("State"), page.get_by_role("dialog", name="Change it?")
    for no in ("Leave", "Escape"):
        await state.select_option("Done")
        await fits(page)
        await (page.keyboard.press(no) if no == "Escape" else question.get_by_text(no).click())
        await expect(question).to_have_count(0)
        await expect(state).to_have_value("draft")
    await state.select_option("Done")
    await question.get_by_role("button", name="Change").click()
    await expect(question).to_have_count(0)
    await done(page)
    assert seen[-1]["selected_option"]["value"] == "done"
    await expect(state).to_have_value("done")

    home = await site.open(site.world.ada, "home")
    await sized(home, size)
    await home.get_by_label("Your reminder").fill("2026-12-24")
    await done(home)
    assert seen[-1]["selected_date"] == "2026-12-24"
    await fits(home)
    assert site.world.ws.problems == []
