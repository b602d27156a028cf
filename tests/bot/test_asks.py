"""Who answers an ask, and who comes too late."""

import pytest

from bot.ask import Reply
from bot.asks import AnswerAsk, answer_ask
from bot.desk import Member
from bot.errors import NotAllowedError, NotFoundError, StaleError
from tests.support.core import ADA, CORA, LENA, Core
from tests.support.storage_examples import make_ask


def say(reply: Reply, by: str, period: str = "w") -> AnswerAsk:
    return AnswerAsk(subscription_id="s1", period=period, reply=reply, actor_id=by)


@pytest.fixture(autouse=True)
async def asked(core: Core) -> None:
    await core.write(lambda tx: tx.asks.add(make_ask()))


async def test_who_is_quicker_settles_it(core: Core) -> None:
    assert (await core.do(answer_ask, say(Reply.YES, ADA))).reply is Reply.YES
    again = await core.do(answer_ask, say(Reply.YES, ADA))
    assert again.reply_by == ADA, "the same click twice is one answer"
    with pytest.raises(StaleError, match=f"<@{ADA}> was quicker, and said yes."):
        await core.do(answer_ask, say(Reply.NOT_NOW, CORA))


async def test_later_may_be_followed_by_anybodys_answer(core: Core) -> None:
    await core.do(answer_ask, say(Reply.LATER, ADA))
    found = await core.do(answer_ask, say(Reply.NOT_NOW, LENA))
    assert (found.reply, found.reply_by) == (Reply.NOT_NOW, LENA)


async def test_guests_and_strangers_answer_nothing(core: Core) -> None:
    guest = Member(user_id="U0GUEST", name="Gus", is_guest=True)
    await core.write(lambda tx: tx.members.save([guest], core.clock.now()))
    for nobody in ("U0GUEST", "U0NOBODY"):
        with pytest.raises(NotAllowedError):
            await core.do(answer_ask, say(Reply.YES, nobody))
    with pytest.raises(NotFoundError):
        await core.do(answer_ask, say(Reply.YES, ADA, "another"))
