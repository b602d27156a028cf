"""What messages name that they are not about: noted before they go out, found by an erasure."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime

import pytest

from bot.ask import Reply
from bot.asks import AnswerAsk, answer_ask
from bot.desk import Subscription
from bot.digest import FireDue, fire_due
from bot.erasing import Erase, erase, foresee
from bot.forgetting import Colleague, erase_colleague
from bot.lifecycle import OPERATOR, Verb
from bot.material import CrowdMaterial, DigestMaterial, Material
from bot.naming import NoteNames, names_in
from bot.naming import message_of as stands_at
from bot.ports import C, NotSent, R, Unclear, UseCase
from bot.submission import Submission
from handlers.messenger import message_of
from handlers.views import digest_examples
from storage.database import Database
from tests.support.core import CONTENT, CORA, Core, a_desk
from tests.support.deliveries import LOST, PACE, Bench, bench_of

BOARD = "C0BOARD"
KEY = "digest:board:2026-W48"
LINK = "https://example.com/1"


@pytest.fixture
async def bench(core: Core) -> Bench:
    board = Subscription(subscription_id="board", channel_id=BOARD, time="09:00", tz="UTC")
    await core.set_up(a_desk(board))
    return bench_of(core)


async def published(core: Core, title: str = "A pump at sea") -> Submission:
    idea = await core.hand_in(fields={"title": title})
    idea = await core.step(idea, Verb.ACCEPT)
    return await core.step(idea, Verb.PUBLISH, link=LINK)


async def due(bench: Bench) -> None:
    """It is Monday, nine o'clock, and the digest is due."""
    bench.core.clock.forward(days=4)
    assert await bench.core.do(fire_due, FireDue("board")) == "fired"


async def erased(core: Core, number: int = 1) -> int:
    """Erase all of it, a second later; how many messages are told anew."""
    core.clock.forward(seconds=1)
    command = Erase(number=number, actor_id=OPERATOR, is_whole=True)
    foreseen = await core.ask(foresee, command)
    assert await core.do(erase, command) == foreseen
    return foreseen.retold


def numbers_in(value: object, name: str = "") -> set[str]:
    """Every submission's number anywhere in a material."""
    if name == "number" and isinstance(value, int):
        return {str(value)}
    if name == "titles" and isinstance(value, tuple):
        return {str(number) for number, _ in value}
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list | frozenset):
        return set().union(*(numbers_in(one) for one in value))
    if is_dataclass(value):
        return set().union(*(numbers_in(getattr(value, f.name), f.name) for f in fields(value)))
    return set()


def titled(material: Material) -> bool:
    return "A pump at sea" in str(message_of(material))


def shown(bench: Bench, key: str = KEY) -> Material:
    """What the message of a digest shows now."""
    about = zip(bench.messenger.claims, bench.messenger.materials, strict=True)
    return [material for claim, material in about if stands_at(claim.effect) == key][-1]


async def test_a_digest_that_named_what_was_erased_is_told_anew(bench: Bench) -> None:
    await published(bench.core)
    await published(bench.core, "A valve")
    await due(bench)
    await bench.drain_all(BOARD)
    digest = shown(bench)
    assert isinstance(digest, DigestMaterial)
    assert titled(digest)
    assert names_in(digest) == {"1"}
    assert await erased(bench.core) >= 1
    await bench.drain_all(BOARD)
    after = shown(bench)
    assert isinstance(after, DigestMaterial)
    assert not titled(after)
    assert "A valve" in str(message_of(after)), "what went well is the other one"
    assert after.changed_at == bench.core.clock.now()
    assert "something that it told of was erased" in message_of(after).text
    assert bench.messenger.arrived(KEY) == 1
    # Later changes of the message keep saying so, and nothing is told anew twice.
    assert await erased(bench.core, 2) >= 1
    bench.core.clock.forward(days=1)
    await bench.drain_all(BOARD)
    assert "A valve" not in str(message_of(shown(bench)))


async def test_what_hangs_in_its_thread_is_told_anew(bench: Bench) -> None:
    await published(bench.core)
    await due(bench)
    await bench.drain_all(BOARD)
    told = {claim.effect.key for claim in bench.messenger.claims if claim.effect.parent_key == KEY}
    naming = {
        claim.effect.key
        for claim, shows in zip(bench.messenger.claims, bench.messenger.materials, strict=True)
        if claim.effect.key in {*told, KEY} and names_in(shows)
    }
    assert naming
    assert await erased(bench.core) == len(naming)
    await bench.drain_all(BOARD)
    again = {c.effect.parent_key for c in bench.messenger.claims if c.effect.kind == "retell"}
    assert again == naming
    assert not any(titled(shown(bench, key)) for key in (KEY, *told))


async def test_what_is_erased_while_slack_is_asked_is_found(bench: Bench) -> None:
    """The title was gathered, and is on its way."""
    core = bench.core
    await published(core)
    await due(bench)

    async def meanwhile() -> None:
        assert await erased(core) == 1

    bench.messenger.answers.append(meanwhile)
    await bench.drain_all(BOARD)
    assert not titled(shown(bench))
    assert bench.messenger.arrived(KEY) == 1


async def test_what_is_erased_before_it_is_noted_is_never_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = bench.core
    await published(core)
    await due(bench)
    real, calls = Database.transact, list[NoteNames]()

    async def transact(
        self: Database, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        if isinstance(command, NoteNames) and not calls:
            calls.append(command)
            await erased(core)
        return await real(self, workspace_id, use_case, command, now)

    monkeypatch.setattr(Database, "transact", transact)
    await bench.drain_all(BOARD)
    assert calls
    assert not any(titled(material) for material in bench.messenger.materials)


async def test_an_answer_that_was_lost_hides_nothing(bench: Bench) -> None:
    """It is in Slack, and the process does not know it yet."""
    await published(bench.core)
    await due(bench)
    bench.messenger.answers.append(LOST)
    await bench.drain(BOARD)
    assert await erased(bench.core) == 1
    await bench.drain_all(BOARD)
    assert bench.messenger.arrived(KEY) == 1
    assert not titled(shown(bench))


async def test_where_slack_never_said_whether_it_came_the_admin_is_told(bench: Bench) -> None:
    await published(bench.core)
    await due(bench)
    bench.messenger.answers.append(Unclear("timeout"))
    await bench.drain(BOARD)
    bench.messenger.looks.extend([NotSent("timeout")] * 40)
    bench.core.clock.forward(hours=7)
    await bench.drain_all(BOARD)
    await bench.notices()
    assert bench.outcome(KEY)[0] == "dead"
    assert await erased(bench.core) == 0
    (notice,) = [one.sentence for one in await bench.notices() if "number 1" in one.sentence]
    assert notice == (
        f"A message to <#{BOARD}> may name number 1, which was erased; Slack never said whether it "
        "was posted. Look there, and delete it if it was."
    )


async def test_the_message_about_a_crowd_names_only_what_is_there(bench: Bench) -> None:
    core = bench.core
    for _ in range(PACE.crowd + 1):
        await core.hand_in()
    await bench.drain_all(CONTENT)
    (key,) = [one for one in bench.messenger.performed if one.startswith("crowd:")]
    assert await erased(core) == 1
    await bench.drain_all(CONTENT)
    after = shown(bench, key)
    assert isinstance(after, CrowdMaterial)
    assert [item.number for item in after.items] == [2, 3, 4, 5, 6]
    assert after.total == PACE.crowd
    for number in range(2, PACE.crowd + 2):
        await erased(core, number)
    await bench.drain_all(CONTENT)
    none_left = shown(bench, key)
    assert isinstance(none_left, CrowdMaterial)
    assert none_left.items == ()
    assert "decided, erased, or has a card of its own" in message_of(none_left).text


async def test_the_name_of_a_colleague_who_was_erased_is_told_no_more(bench: Bench) -> None:
    core = bench.core
    await published(core)
    await due(bench)
    answer = AnswerAsk(subscription_id="board", period="2026-W48", reply=Reply.YES, actor_id=CORA)
    await core.do(answer_ask, answer)
    core.clock.forward(days=7)
    assert await core.do(fire_due, FireDue("board")) == "fired"
    await bench.drain_all(BOARD)
    following = "digest:board:2026-W49"
    assert "Cora Content said yes" in message_of(shown(bench, following)).text
    forgotten = await core.do(erase_colleague, Colleague(user_id=CORA, actor_id=OPERATOR))
    assert forgotten.retold == 1
    await bench.drain_all(BOARD)
    after = message_of(shown(bench, following)).text
    assert "somebody said yes" in after
    assert "something that it told of was erased" in after
    assert "Cora" not in str(core.rows("naming"))


async def test_nothing_else_is_touched(bench: Bench) -> None:
    """Neither a digest that does not name it, nor one that is gone."""
    await published(bench.core)
    other = await bench.core.hand_in(fields={"title": "A valve"})
    await due(bench)
    await bench.drain_all(BOARD)
    before = len(bench.messenger.claims)
    assert await erased(bench.core, other.number) == 0
    await bench.drain_all(BOARD)
    assert len(bench.messenger.claims) == before


@pytest.mark.parametrize("name", sorted(digest_examples.EXAMPLES))
def test_every_submission_that_a_digest_titles_is_among_what_it_names(name: str) -> None:
    """Whoever adds a section that names submissions adds it to `names_in`."""
    material = digest_examples.EXAMPLES[name]
    assert numbers_in(material) == {one for one in names_in(material) if one.isdecimal()}


def test_a_colleague_who_answered_the_last_ask_is_named() -> None:
    names = names_in(digest_examples.EXAMPLES["goals"])
    assert [one for one in names if not one.isdecimal()] == ["U0ANA"]
