"""Sections and audiences: each section is there on every side, and costs who reads it alone."""

from dataclasses import replace
from datetime import date

from bot.configure import configure
from bot.desk import Subscription, default_desk
from bot.digest import Preview, gather, preview
from bot.digest_sections import GATHERED
from bot.ports import Transaction
from bot.sections import AUDIENCES, TELLS, Audience, Section
from bot.windows import Week
from handlers.views.digest_examples import PARTS
from handlers.views.digest_sections import SHOWN
from tests.support.core import CORA, Core, a_desk

BOARD = Audience(key="board", label="The board", sections=(Section.WEEKS, Section.NUMBERS))


def test_each_section_is_gathered_shown_and_explained() -> None:
    for registry in (TELLS, GATHERED, SHOWN, PARTS):
        assert set(registry) == set(Section)


def test_each_audience_reads_something_and_nothing_twice() -> None:
    for audience in AUDIENCES.values():
        assert len(set(audience.sections)) == len(audience.sections) > 0


def test_an_audience_that_was_taken_away_reads_what_leadership_reads() -> None:
    assert default_desk().audience("board") == AUDIENCES["leadership"]
    desk = replace(default_desk(), audiences=(BOARD, replace(BOARD, key="team")))
    assert desk.audience("board") == BOARD
    assert desk.audience("team").sections == BOARD.sections


async def test_a_digest_has_its_audiences_sections_in_their_order(core: Core) -> None:
    heads = Subscription(subscription_id="heads", channel_id="C0HEADS", audience="board")
    await core.do(configure, replace(a_desk(heads), audiences=(BOARD,)))
    await core.hand_in()
    core.clock.forward(hours=1)
    material = await core.ask(preview, Preview("C0HEADS", CORA))
    assert tuple(material.parts) == BOARD.sections
    assert material.audience == BOARD


async def test_what_an_audience_does_not_read_is_not_counted(core: Core) -> None:
    def gathered(tx: Transaction, week: Week, now: object) -> set[str]:
        asked: set[str] = set()

        class Figures:
            def __getattr__(self, name: str) -> object:
                asked.add(name)
                return getattr(figures, name)

        figures = tx.figures
        object.__setattr__(tx, "figures", Figures())
        gather(tx, week, core.clock.now())
        return asked

    day = date(2026, 11, 23)
    assert await core.ask(gathered, Week(day=day, tz="UTC", audience="company")) == {"published"}
