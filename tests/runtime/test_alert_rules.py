"""The alert rules, evaluated by Prometheus's own promtool: each fires on what it is for, after its
patience, and on nothing else.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.test_alerts import ROOT, RULES
from tests.support.ci import IN_CI

HOURS = 3
"""How long things go as a case says."""

UP = {'up{job="social-desk"}': "1x180"}
ACKED = 'social_desk_ack_seconds_count{surface="view",outcome="ok"}'
FAILED = 'social_desk_ack_seconds_count{surface="view",outcome="failed"}'
QUICK = 'social_desk_ack_seconds_bucket{surface="view",outcome="ok",le="1.0"}'
ALL = 'social_desk_ack_seconds_bucket{surface="view",outcome="ok",le="+Inf"}'
SLOWER = 'social_desk_ack_seconds_bucket{surface="view",outcome="ok",le="2.0"}'
CALLED = 'social_desk_slack_calls_total{method="chat.postMessage",code="ok"}'


def called(code: str) -> str:
    return f'social_desk_slack_calls_total{{method="chat.postMessage",code="{code}"}}'


GOOD: Mapping[str, str] = {
    **UP,
    ACKED: "0+600x180",
    FAILED: "0+1x180",
    QUICK: "0+600x180",
    SLOWER: "0+601x180",
    ALL: "0+601x180",
    CALLED: "0+600x180",
    "social_desk_database_up": "1x180",
    'social_desk_database_seconds_count{mode="write",outcome="ok"}': "0+600x180",
    'social_desk_database_seconds_count{mode="write",outcome="busy"}': "0x180",
    "social_desk_lane_oldest_seconds": "3x180",
    'social_desk_effect_oldest_seconds{kind="card"}': "300x180",
    'social_desk_effect_oldest_seconds{kind="digest"}': "900x180",
    "social_desk_digest_late_seconds": "20x180",
    'social_desk_digests_total{status="fired"}': "0+1x180",
    'social_desk_digests_total{status="skipped_missed"}': "0x180",
    "social_desk_effects_dead_lately": "0x180",
    "social_desk_submission_overdue_seconds": "86400x180",
    "social_desk_timer_late_seconds": "20x180",
    'social_desk_tick_seconds_count{tick="sweep",outcome="ok"}': "0+6x180",
    'social_desk_tick_seconds_count{tick="sweep",outcome="failed"}': "0x180",
    called("token_revoked"): "0x180",
    called("ratelimited"): "0+6x180",
    called("timeout"): "0+6x180",
    'social_desk_requests_refused_total{status="401"}': "0+6x180",
}
"""A busy day on which some of everything goes wrong, and nobody is to be woken."""

BAD: Mapping[str, Mapping[str, str | None]] = {
    "SocialDeskDown": {'up{job="social-desk"}': "0x180"},
    "SocialDeskDatabaseGone": {"social_desk_database_up": "0x180"},
    "SocialDeskDatabaseStruggles": {
        'social_desk_database_seconds_count{mode="write",outcome="busy"}': "0+6x180"
    },
    "SocialDeskAcksFail": {FAILED: "0+60x180"},
    "SocialDeskAcksSlow": {QUICK: "0+500x180"},
    "SocialDeskLanesOld": {"social_desk_lane_oldest_seconds": "180x180"},
    "SocialDeskDeliveryLate": {'social_desk_effect_oldest_seconds{kind="card"}': "1000x180"},
    "SocialDeskDigestsLate": {"social_desk_digest_late_seconds": "700x180"},
    "SocialDeskDigestsMissed": {'social_desk_digests_total{status="skipped_missed"}': "0+1x180"},
    "SocialDeskEffectsDead": {"social_desk_effects_dead_lately": "2x180"},
    "SocialDeskPromisesMissed": {"social_desk_submission_overdue_seconds": "300000x180"},
    "SocialDeskTimersLate": {"social_desk_timer_late_seconds": "400x180"},
    "SocialDeskTicksFail": {
        'social_desk_tick_seconds_count{tick="sweep",outcome="failed"}': "0+3x180"
    },
    "SocialDeskSlackRefuses": {called("token_revoked"): "0+6x180"},
    "SocialDeskSlackAway": {called("timeout"): "0+6000x180"},
    "SocialDeskRateLimited": {called("ratelimited"): "0+300x180"},
    "SocialDeskRequestsRefused": {'social_desk_requests_refused_total{status="401"}': "0+60x180"},
}
"""What is otherwise, by the alert that is to tell of it."""

OF_ITS_SERIES = {"SocialDeskTicksFail": {"tick": "sweep"}}
"""The labels that come from what was measured."""


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        (pytest.fail if IN_CI else pytest.skip)("Debian's package prometheus is missing")
    return str(found)


def case(series: Mapping[str, str | None], firing: Iterable[str], minute: int) -> dict[str, Any]:
    """What fires at a minute, and what does not."""
    told = set(firing)
    return {
        "interval": "1m",
        "input_series": [
            {"series": name, "values": values} for name, values in series.items() if values
        ],
        "alert_rule_test": [
            {
                "eval_time": f"{minute}m",
                "alertname": rule["alert"],
                "exp_alerts": [
                    {
                        "exp_labels": {
                            **rule["labels"],
                            **OF_ITS_SERIES.get(rule["alert"], {}),
                        },
                        "exp_annotations": rule["annotations"],
                    }
                ]
                * (rule["alert"] in told),
            }
            for rule in RULES
        ],
    }


def run(promtool: str, folder: Path, cases: list[dict[str, Any]]) -> None:
    rules = str(ROOT / "deploy" / "alerts.yaml")
    checked = subprocess.run(
        [promtool, "check", "rules", rules], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    file = folder / "cases.json"  # JSON is YAML, too
    file.write_text(
        json.dumps({"rule_files": [rules], "evaluation_interval": "1m", "tests": cases}), "utf-8"
    )
    done = subprocess.run(
        [promtool, "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_on_what_it_is_for_and_on_nothing_else(
    promtool: str, tmp_path: Path
) -> None:
    assert set(BAD) == {rule["alert"] for rule in RULES}
    late = HOURS * 60 - 1
    cases = [case(GOOD, (), late)]
    cases += [case({**GOOD, **change}, (alert,), late) for alert, change in BAD.items()]
    run(promtool, tmp_path, cases)


def test_what_lasts_a_minute_wakes_nobody(promtool: str, tmp_path: Path) -> None:
    """But for what is counted over an hour on purpose."""
    cases = [
        case({**GOOD, **change}, (), 1)
        for alert, change in BAD.items()
        if alert != "SocialDeskDigestsMissed"
    ]
    run(promtool, tmp_path, cases)
