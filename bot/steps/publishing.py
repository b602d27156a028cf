"""What was accepted goes out."""

from dataclasses import replace

from bot.forms import check_link
from bot.steps.base import Case, Detail, VerbRules
from bot.submission import Submission


def _link(case: Case) -> Detail:
    return {"link": check_link(case.step.text("link"), field="link")}


def _published(case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(
        moved,
        published_at=case.now,
        published_by=case.step.actor_id,
        published_url=detail["link"],
    )


PUBLISH = VerbRules(check=_link, change=_published)
