"""Undoing a decision that was wrong."""

from dataclasses import replace

from bot.cards import current_card, with_new_card
from bot.people import current_owner
from bot.steps.base import Case, Detail, VerbRules, note_given
from bot.steps.handing_over import move_card, place_of
from bot.submission import Submission


def _why(case: Case) -> Detail:
    return {"note": note_given(case.step, missing="Please say in a sentence why.")}


def _reopened(case: Case, moved: Submission, _detail: Detail) -> Submission:
    """Nothing is left of what was undone; figures follow from these columns."""
    back = replace(
        moved,
        decline_reason=None,
        decline_note=None,
        duplicate_of=None,
        published_at=None,
        published_by=None,
        published_url=None,
    )
    return with_new_card(back) if _is_out_of_place(case, back) else back


def _is_out_of_place(case: Case, back: Submission) -> bool:
    """Whether its card stands in the direct messages of somebody who does not act for it now: the
    cards of what has ended follow nobody.
    """
    card = current_card(case.tx, case.submission)
    if card is None or not card.target.startswith(("U", "W")):
        return False
    holders = current_owner(case.tx, case.desk, back.role_id).holders
    return card.target not in {*holders, place_of(case, back)}


REOPEN = VerbRules(check=_why, change=_reopened, follow=move_card)
