from datetime import datetime

from bot.cards import current_card, post_card, with_new_card
from bot.gathering import gather_material
from bot.lifecycle import Verb
from bot.material import CardMaterial, Material, MovedMaterial
from bot.ports import Transaction
from bot.submission import Submission
from tests.support.core import CONTENT, LENA, Core


async def moved(core: Core, submission: Submission, target: str) -> Submission:
    """The submission once its card stands elsewhere."""

    def move(tx: Transaction, _command: None, now: datetime) -> Submission:
        changed = with_new_card(submission)
        assert tx.submissions.update(changed, expected_version=changed.version)
        post_card(tx, changed, target, now)
        return changed

    return await core.do(move, None)


async def shown(core: Core, key: str) -> Material:
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    return await core.ask(gather_material, effect)


async def test_a_card_moves_and_the_old_one_tells_where_it_went(core: Core) -> None:
    await core.set_up()
    submission = await moved(core, await core.hand_in(), LENA)
    assert core.effects("card:") == ["card:1", "card:1:moved2", "card:1.2"]
    assert isinstance(await shown(core, "card:1.2"), CardMaterial)
    left = await shown(core, "card:1:moved2")
    assert isinstance(left, MovedMaterial)
    assert left.target == LENA
    # The old card may not have been posted yet: then it is posted as what it is now.
    assert isinstance(await shown(core, "card:1"), MovedMaterial)
    card = await core.read(lambda tx: current_card(tx, submission))
    assert card is not None
    assert card.target == LENA


async def test_what_happens_next_happens_on_the_new_card(core: Core) -> None:
    await core.set_up()
    submission = await moved(core, await core.hand_in(), LENA)
    await core.step(await core.stored(submission.number), Verb.TAKE)
    update, story = core.effects("card:1.2:v")[0], core.effects("story:")[0]
    for effect in await core.read(lambda tx: [tx.outbox.find(key) for key in (update, story)]):
        assert effect is not None
        assert (effect.parent_key, effect.target) == ("card:1.2", LENA)


async def test_a_card_comes_back(core: Core) -> None:
    await core.set_up()
    there = await moved(core, await core.hand_in(), LENA)
    back = await moved(core, there, CONTENT)
    assert back.card == 3
    assert isinstance(await shown(core, "card:1.3"), CardMaterial)
    for key in ("card:1:moved2", "card:1.2:moved3"):
        left = await shown(core, key)
        assert isinstance(left, MovedMaterial)
        assert left.target == CONTENT
