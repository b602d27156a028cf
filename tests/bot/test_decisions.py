"""Who records a decision, who closes it, once."""

import pytest

from bot.decisions import CloseDecision, MakeDecision, close_decision, make_decision, see_decisions
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from tests.support.core import ADA, CORA, LENA, SAM, STRANGER, Core


def record(**more: str) -> MakeDecision:
    given = {"form_id": "V1", "actor_id": SAM, "text": "Try newsletters", "owner_id": LENA}
    return MakeDecision(**{**given, **more})


def close(by: str, outcome: str = "12 came.", of: str = "V1") -> CloseDecision:
    return CloseDecision(decision_id=of, actor_id=by, outcome=outcome)


async def test_what_is_missing_is_said_beside_its_field(core: Core) -> None:
    with pytest.raises(FieldError) as caught:
        await core.do(make_decision, record(text=" ", owner_id=STRANGER, due="soon"))
    assert set(caught.value.fields) == {"text", "owner", "due"}
    with pytest.raises(NotAllowedError):
        await core.do(make_decision, record(actor_id=STRANGER))


async def test_the_same_form_twice_is_one_decision(core: Core) -> None:
    for _ in range(2):
        await core.do(make_decision, record(due="2026-12-01"))
    (one,) = await core.ask(see_decisions, CORA)
    assert (one.text, one.owner_id, str(one.due)) == ("Try newsletters", LENA, "2026-12-01")


@pytest.mark.parametrize("who", [SAM, LENA, ADA])
async def test_who_sees_to_it_who_recorded_it_and_admins_close_it(core: Core, who: str) -> None:
    await core.do(make_decision, record())
    with pytest.raises(NotAllowedError):
        await core.do(close_decision, close(CORA))
    with pytest.raises(FieldError):
        await core.do(close_decision, close(who, "…"))
    await core.do(close_decision, close(who))
    assert await core.ask(see_decisions, CORA) == ()
    with pytest.raises(StaleError):
        await core.do(close_decision, close(who))
    with pytest.raises(NotFoundError):
        await core.do(close_decision, close(who, of="V2"))
