"""Debian's Chromium for tests, without a look outside, and axe's verdict on what it shows."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from tests.support.ci import IN_CI

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        shutil.which(CHROMIUM) is None and not IN_CI, reason=f"there is no {CHROMIUM}"
    ),
]
"""The marks of a module whose tests share one browser. Without Chromium they are skipped on
somebody's desk, never in CI, which installs it: there they fail.
"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of a module."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


async def accessible(page: Page) -> None:
    """No rule of axe is broken by what is on the screen."""
    result = await Axe().run(page, options=RULES)
    assert result.violations_count == 0, result.generate_report()
