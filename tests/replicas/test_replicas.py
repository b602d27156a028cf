"""Two web processes, three workers, one database, much trouble: nothing lost, twice or mixed up.

The same with 2,500 submissions is `make replicas`, for ten minutes and more `make soak`.
"""

from pathlib import Path

import pytest

from tests.replicas.__main__ import told
from tests.replicas.run import Plan, run
from tests.replicas.trouble import Harm
from tests.support.ci import IN_CI
from tests.support.postgres_server import find_programs

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

PLAN = Plan(
    seed=20261127,
    submissions=150,
    harm=Harm(
        every=0.7,
        longest_freeze=1.0,
        sure=("kill web", "kill worker", "kill worker", "freeze web", "freeze worker", "crash"),
    ),
    people=15,
    desks=10,
)


async def test_nothing_is_lost_posted_twice_or_out_of_order(tmp_path: Path) -> None:
    if find_programs() is None:
        (pytest.fail if IN_CI else pytest.skip)("PostgreSQL's programs are missing")
    result = await run(PLAN, tmp_path)
    assert result.verdict.is_good, "\n".join(told(result))
    assert result.verdict.acked >= PLAN.submissions
    assert result.verdict.digests == PLAN.desks
    assert result.verdict.reminders >= PLAN.desks
    assert all(result.befell[blow] for blow in PLAN.harm.sure)
    assert result.struck
    assert set(result.exits.values()) == {0}
