"""The demo as it is started."""

import socket
from pathlib import Path

from runtime import demo_story as story
from runtime.demo import _started as started
from runtime.demo import demo_desk, workday
from tests.support.desk import START


async def test_it_lives_its_past_without_anything_that_slack_would_refuse(tmp_path: Path) -> None:
    async with demo_desk(tmp_path / "demo.db") as demo:
        assert demo.ws.problems == []
        digests = demo.ws.messages[demo.channels["leadership"]].values()
        assert len([m for m in digests if "Social digest" in m.text]) >= 4
        assert not [m for m in digests if "late" in m.text]
        cards = [
            message
            for channel in ("content-desk", "advocacy-desk", "lead-desk")
            for message in demo.ws.messages[demo.channels[channel]].values()
            if not message.is_reply
        ]
        assert len(cards) == len(story.HISTORY)


async def test_a_taken_port_is_no_trouble(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        async with demo_desk(tmp_path / "demo.db") as demo:
            server, url = await started(demo, port)
            assert not url.endswith(f":{port}")
            await server.stop()


def test_the_past_happened_on_working_days() -> None:
    for day in range(14):
        moved = workday(START.replace(day=day + 1))
        assert moved.weekday() < 5
        assert (START.replace(day=day + 1) - moved).days in {0, 1, 2}
