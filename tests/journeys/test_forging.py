"""What comes back from Slack is looked up here: no id that somebody changed opens another door."""

from collections.abc import AsyncIterator

import pytest

from handlers.goal_values import GoalFormMetadata, GoalValue
from handlers.ids import Action, Callback, DecisionMetadata, RetryValue, TriageValue
from handlers.setup_values import SetupMetadata, SetupValue
from tests.support.desk import Scene
from tests.support.doors import Doorstep, Make, text


@pytest.fixture
async def doorstep(at_work: Scene, sqlite_url: str) -> AsyncIterator[Doorstep]:
    found = await Doorstep.of(at_work, sqlite_url)
    yield found
    found.close()


def _verb(number: int, version: int = 1, role_id: str = "content_lead") -> str:
    return TriageValue(number=number, version=version, role_id=role_id).dump()


def forged(d: Doorstep, lead: int) -> dict[str, Make]:
    """What Cora, who holds the content role, may not reach by changing what she sends."""
    note = {"reason": text("timing"), "note": text("No")}
    decline = Callback.TRIAGE_DECLINE_FORM
    take, accept, opened = Action.TRIAGE_TAKE, Action.TRIAGE_ACCEPT, Action.TRIAGE_OPEN
    return {
        "a number that is none": d.click(take, _verb(99)),
        "a number of another role": d.click(take, _verb(lead)),
        "the same, named as her own role's": d.click(accept, _verb(lead, role_id="content_lead")),
        "the details of another role's": d.click(opened, _verb(lead)),
        "a number too large for the database": d.click(take, '{"number":99999999999999999999}'),
        "a value that is no JSON": d.click(take, "{"),
        "a value of another kind": d.click(take, RetryValue(key="card:1").dump()),
        "one more field": d.click(take, _verb(1)[:-1] + ',"admin":true}'),
        "a form for another role's": d.form(
            decline, DecisionMetadata(number=lead, version=1).dump(), note
        ),
        "a form without its metadata": d.form(decline, "", note),
        "broken metadata": d.form(decline, '{"number":1,"version":', note),
        "huge metadata": d.form(decline, '{"number":1,"x":"' + "x" * 100_000 + '"}', note),
        "metadata of an older form": d.form(decline, '{"id":1}', note),
        "a goal that is none": d.click(
            Action.GOALS_READ, GoalValue(goal="nothing", version=1).dump()
        ),
        "a form of a goal that is none": d.form(
            Callback.GOALS_READING_FORM,
            GoalFormMetadata(goal="nothing", version=1).dump(),
            {"value": text("7")},
        ),
        "the set-up, which is not hers": d.click(
            Action.SETUP_ROLE, SetupValue(key="content_lead").dump()
        ),
    }


async def test_what_is_forged_is_refused_with_a_sentence(doorstep: Doorstep) -> None:
    d, s = doorstep, doorstep.scene
    await d.submission("idea", s.sam)
    lead = (await d.submission("lead", s.sam)).number
    for name, make in forged(d, lead).items():
        payload = make(s.cora)
        before = d.rows()
        told = await d.told(s.cora, payload)
        assert d.rows() == before, name
        assert told, name
        assert "Nadia" not in str(told), name


async def test_an_admin_too_changes_only_what_there_is(doorstep: Doorstep) -> None:
    d, s = doorstep, doorstep.scene
    version = d.desk().version
    for name, make in {
        "a role that is none": d.click(Action.SETUP_ROLE, SetupValue(key="nothing").dump()),
        "a form for a role that is none": d.form(
            Callback.SETUP_ROLE_FORM,
            SetupMetadata(version=version, key="nothing").dump(),
            {"label": text("New")},
        ),
        "an older version": d.form(
            Callback.SETUP_ROLE_FORM,
            SetupMetadata(version=version - 1, key="content_lead").dump(),
            {"label": text("New")},
        ),
        "a digest that is none": d.click(Action.DIGEST_SET, SetupValue(key="nothing").dump()),
        "an effect that is none": d.click(Action.NOTICE_RETRY, RetryValue(key="card:99").dump()),
    }.items():
        payload = make(s.olga)
        before = d.rows()
        told = await d.told(s.olga, payload)
        assert d.rows() == before, name
        assert told, name
