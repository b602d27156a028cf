"""Playing the demo's people in a real browser, one tab for each of them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page, expect

from runtime.demo import Demo
from tests.support.browser import accessible

Fill = Callable[[Locator], Awaitable[None]]

REPLIES = re.compile(r"^\d+ repl")
HIDE_DAYS = "document.querySelectorAll('.day').forEach(day => day.style.visibility = 'hidden')"
"""For a picture of a message: its edge is under the line of the day."""


@dataclass(slots=True)
class Walk:
    """The demo as it is started, at `url`; pictures go to `pictures`, when they are taken."""

    demo: Demo
    context: BrowserContext
    url: str
    pictures: Path | None = None
    width: int = 1180
    height: int = 940
    tabs: dict[str, Page] = field(default_factory=dict)

    async def be(self, who: str, place: str) -> Page:
        """The tab of a colleague, at a channel's name, "home" or "messages"."""
        page = self.tabs.get(who)
        if page is None:
            page = self.tabs[who] = await self.context.new_page()
            await page.set_viewport_size({"width": self.width, "height": self.height})
        there = self.demo.channels.get(place, place)
        await page.goto(f"{self.url}/?as={self.demo.people[who].user.id}&in={there}")
        await page.wait_for_selector("html[data-ready]")
        return page

    async def picture(self, name: str, of: Page | Locator) -> None:
        """Take a picture for the documentation."""
        if self.pictures is None:
            return
        page = of if isinstance(of, Page) else of.page
        await page.mouse.move(0, 0)
        if of is not page:
            await page.evaluate(HIDE_DAYS)
        await of.screenshot(path=self.pictures / f"{name}.png", animations="disabled")

    async def whole(self, name: str, of: Locator) -> None:
        """Take a picture in a window that is high enough for all of it."""
        await of.page.set_viewport_size({"width": self.width, "height": 2600})
        await self.picture(name, of)
        await of.page.set_viewport_size({"width": self.width, "height": self.height})

    async def sheet(self, name: str, page: Page, since: str | None = None) -> None:
        """Take a picture of a Home tab, all of it or `since` a heading, in a window that is high
        enough for it.
        """
        if self.pictures is None:
            return
        await page.set_viewport_size({"width": self.width, "height": 2400})
        sheet = page.get_by_role("region", name="Home").locator(":scope > *").first
        box = await sheet.bounding_box()
        assert box is not None
        if since is not None:
            head = await sheet.get_by_role("heading", name=since).bounding_box()
            assert head is not None
            box["height"] -= head["y"] - box["y"] - 12
            box["y"] = head["y"] - 12
        path = self.pictures / f"{name}.png"
        await page.screenshot(path=path, clip=box, animations="disabled")
        await page.set_viewport_size({"width": self.width, "height": self.height})


def messages(page: Page) -> Locator:
    """What stands in the place that is open."""
    return page.get_by_role("log", name="Messages").get_by_role("article")


def about(page: Page, text: str) -> Locator:
    """The newest message with these words."""
    return messages(page).filter(has_text=text).last


async def command(page: Page, channel: str, text: str) -> None:
    """Type into a channel, and send it."""
    composer = page.get_by_label(f"Message #{channel}")
    await composer.fill(text)
    await composer.press("Enter")


async def pick(card: Locator, entry: str) -> None:
    """Choose an entry of a card's menu."""
    await card.get_by_role("button", name="More actions").click()
    await card.page.get_by_role("button", name=entry, exact=True).click()


async def fill_in(page: Page, submit: str, fill: Fill, look: Fill | None = None) -> None:
    """Fill the form that is open, check it, `look` at it, and send it."""
    form = page.get_by_role("dialog")
    await fill(form)
    await fits(page)
    if look is not None:
        await look(form)
    await form.get_by_role("button", name=submit, exact=True).click()
    await expect(form).to_have_count(0)


async def thread(page: Page, message: Locator) -> Locator:
    """The thread of a message, opened."""
    await message.get_by_role("button", name=REPLIES).click()
    opened = page.get_by_role("complementary", name="Thread")
    await expect(opened.get_by_label("Reply", exact=True)).to_be_visible()
    return opened


async def fits(page: Page) -> None:
    """What is on the screen can be used by everybody, and nothing sticks out at the side."""
    await accessible(page)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
