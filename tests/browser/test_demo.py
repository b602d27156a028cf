"""The README's four steps in a real browser, on the demo as it is started."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from runtime.demo import Demo, demo_desk, demo_server
from tests.support.browser import IN_A_BROWSER, accessible, browser

QUOTE = "Since your tea, guests praise breakfast in reviews"

pytestmark = IN_A_BROWSER
__all__ = ["browser"]

Open = Callable[[str, str], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with demo_desk(tmp_path / "demo.db") as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def open_as(browser: Browser, demo: Demo) -> AsyncIterator[Open]:
    server = demo_server(demo)
    url = await server.start()
    context = await browser.new_context(viewport={"width": 1180, "height": 940})
    context.set_default_timeout(6000)

    async def open_page(who: str, place: str) -> Page:
        page = await context.new_page()
        place = demo.channels.get(place, place)
        await page.goto(f"{url}/?as={demo.people[who].user.id}&in={place}")
        await page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    await context.close()
    await server.stop()


def cards(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages").get_by_role("article")


async def record_consent(page: Page, card: Locator) -> None:
    await card.get_by_role("button", name="Record consent").click()
    consent = page.get_by_role("dialog")
    await consent.get_by_label("What exactly did they agree to?").fill("Yes, with our name")
    await consent.get_by_label("How may they be shown?").select_option("With name, without logo")
    await consent.get_by_role("button", name="Record").click()
    await expect(card.get_by_text("Consent: anywhere")).to_be_visible()


async def test_the_four_steps(demo: Demo, open_as: Open, picture_folder: Path | None) -> None:
    async def picture(name: str, of: Page | Locator) -> None:
        if picture_folder is not None:
            await of.screenshot(path=picture_folder / f"{name}.png")

    sam = await open_as("sam", "sales")
    mia = await open_as("mia", "advocacy-desk")
    elena = await open_as("elena", "leadership")
    await accessible(elena)

    composer = sam.get_by_label("Message #sales")
    await composer.fill(f"/social-testimonial {QUOTE}")
    await composer.press("Enter")
    form = sam.get_by_role("dialog", name="Hand in a testimonial")
    await expect(form.get_by_label("What did they say?")).to_have_value(QUOTE)
    await form.get_by_label("Person").fill("Ines Alma")
    await form.get_by_label("Customer").fill("Pension Alma")
    await accessible(sam)
    await picture("form", form)
    await form.get_by_role("button", name="Hand in").click()
    await expect(form).to_have_count(0)

    card = cards(mia).filter(has_text=QUOTE)
    await expect(card.get_by_role("button", name="Accept")).to_be_visible()
    await expect(card.get_by_text("Ines Alma")).to_have_count(0)
    await picture("card", card)
    await accessible(mia)
    await card.get_by_role("button", name="Accept").click()
    await expect(card.get_by_text("publishes it next")).to_be_visible()
    await record_consent(mia, card)
    await card.get_by_role("button", name="Published").click()
    publish = mia.get_by_role("dialog")
    await publish.get_by_label("Link to the post").fill("https://northwind.example/posts/alma")
    await publish.get_by_role("button", name="Mark as published").click()
    await expect(card.get_by_text("northwind.example/posts/alma")).to_be_visible()

    messages = await open_as("sam", "messages")
    receipt = cards(messages).filter(has_text="Pension Alma")
    await receipt.get_by_role("button", name="replies").click()
    thread = messages.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("northwind.example/posts/alma")).to_be_visible()
    await picture("receipt", messages)
    await accessible(messages)

    home = await open_as("noah", "home")
    await expect(home.get_by_role("button", name="Hand in a testimonial")).to_be_visible()
    await picture("home", home)
    await accessible(home)

    before = await cards(elena).count()
    await elena.get_by_role("button", name="Jump to Monday 09:00").click()
    await expect(cards(elena)).to_have_count(before + 1)
    digest = cards(elena).last
    await expect(digest.get_by_text("Pension Alma")).to_be_visible()
    await picture("digest", digest)
    assert demo.ws.problems == []


async def test_the_first_look(demo: Demo, open_as: Open, picture_folder: Path | None) -> None:
    page = await open_as("mia", "advocacy-desk")
    await demo.people["sam"].slash("/social-testimonial", QUOTE, channel=demo.channels["sales"])
    await demo.people["sam"].submit({"customer": "Pension Alma", "person": "Ines Alma"})
    await demo.settle()
    await expect(cards(page).last.get_by_role("button", name="Accept")).to_be_visible()
    if picture_folder is not None:
        await page.screenshot(path=picture_folder / "demo.png")


async def test_a_phone_shows_it_all(demo: Demo, open_as: Open) -> None:
    page = await open_as("elena", "leadership")
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(cards(page).last.get_by_text("Handed in:")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    await accessible(page)


async def test_what_was_typed_into_a_closed_form_is_there_again(open_as: Open) -> None:
    sam = await open_as("sam", "sales")
    composer = sam.get_by_label("Message #sales")
    form = sam.get_by_role("dialog", name="Hand in an idea")
    await composer.fill("/social-idea")
    await composer.press("Enter")
    await form.get_by_label("Title").fill("Half an idea")
    await form.get_by_label("What is the story?").fill("Once\nupon")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_have_count(0)
    await composer.fill("/social-idea")
    await composer.press("Enter")
    await expect(form.get_by_label("Title")).to_have_value("Half an idea")
    await expect(form.get_by_label("What is the story?")).to_have_value("Once\nupon")
    await accessible(sam)
