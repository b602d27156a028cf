"""The limit and the peer write what the desk writes: otherwise their numbers would mean nothing."""

import asyncio
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

from bench.contenders import Stage
from bench.payloads import Form, filled_form, user_id
from bench.servers.limit import Store, fields_of
from bot.submit import HandIn, hand_in
from storage.database import Database
from tests.support.processes import rows_of

NOW = datetime(2026, 11, 2, 9, 0, 0, 123000, tzinfo=UTC)
TABLES = ("workspace", "submission", "submission_personal", "history", "lane", "outbox")


async def store(url: str, form: Form) -> None:
    database = Database(url)
    for place in (1, 2):
        command = HandIn(
            kind_key="idea",
            submitter_id=user_id(place),
            fields={
                name: tuple(value) if isinstance(value, list) else value
                for name, value in fields_of(values_of(form, place)).items()
            },
            source_key=f"view:V{place:08d}",
        )
        await database.transact(form.workspace_id, hand_in, command, NOW)
    await database.close()


def payload_of(form: Form, place: int) -> dict[str, object]:
    payload: dict[str, object] = json.loads(parse_qs(form.body(place))["payload"][0])
    return payload


def values_of(form: Form, place: int) -> dict[str, dict[str, object]]:
    view = payload_of(form, place)["view"]
    assert isinstance(view, dict)
    values: dict[str, dict[str, object]] = view["state"]["values"]
    return values


def test_the_same_forms_leave_the_same_rows(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    scene = shutil.copy(stage.empty, tmp_path / "scene.db")
    form = asyncio.run(filled_form(f"sqlite:///{scene}"))
    ours, theirs = stage.fresh_database(), stage.fresh_database()
    asyncio.run(store(f"sqlite:///{ours}", form))
    bare = Store(str(theirs))
    for place in (1, 2):
        bare.submit(payload_of(form, place), NOW)
    bare.close()
    for table in TABLES:
        found = [rows_of(f"sqlite:///{file}", table) for file in (ours, theirs)]
        assert found[0] == found[1], table
    assert len(rows_of(f"sqlite:///{ours}", "outbox")) == 4
