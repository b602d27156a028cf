"""The page in Chromium: what only a browser can show."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from sandbox.page.server import add_page
from sandbox.people import Person
from sandbox.server import Server
from tests.support.browser import IN_A_BROWSER, accessible, browser
from tests.support.page_app import GUIDE, Desk, seen
from tests.support.sandbox_app import World

pytestmark = IN_A_BROWSER
__all__ = ["browser"]


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
