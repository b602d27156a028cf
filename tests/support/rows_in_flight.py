"""A database as the program of schema 0003 left it in the middle of its work, kept as it was:
`rows_of_0003.json`.

Eight submissions, a draft, a goal with its reading, an absence and a digest. Under way: a card
whose answer was lost (5), one that is being sent and never got there (6), one that got there and
whose sender died before it wrote that down (7), one that was set aside (8); an update, a story and
words behind them. Beside the rows stands what Slack has.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    MetaData,
    NullPool,
    Table,
    create_engine,
    text,
)

from sandbox.model import Channel, Message
from sandbox.workspace import Workspace
from storage import scripts

REVISION = "0003"
_FILE = Path(__file__).with_name(f"rows_of_{REVISION}.json")
KEPT: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
AT = datetime.fromisoformat(KEPT["at"])
"""When everything stopped."""


def leave_behind(url: str) -> MetaData:
    """Make an empty database one of that time; returns the tables as the program of that time knew
    them, for more statements of its kind.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        scripts.run_until(connection, REVISION)
        known = MetaData()
        known.reflect(connection)
        for table in known.sorted_tables:
            if table.name in KEPT["tables"]:
                connection.execute(table.insert(), rows_for(table, connection))
    engine.dispose()
    return known


def rows_for(table: Table, connection: Connection) -> list[dict[str, Any]]:
    """The rows that were kept of a table, as this database takes them."""
    is_sqlite = connection.dialect.name == "sqlite"
    return [
        {name: _value(table.c[name], raw, naive=is_sqlite) for name, raw in row.items()}
        for row in KEPT["tables"][table.name]
    ]


def _value(column: Column[Any], raw: Any, *, naive: bool) -> Any:
    if raw is None:
        return None
    match column.type:
        case DateTime():
            moment = datetime.fromisoformat(raw)
            return moment if naive else moment.replace(tzinfo=UTC)
        case Date():
            return date.fromisoformat(raw)
        case JSON():
            return json.loads(raw)
        case Boolean():
            return bool(raw)
        case _:
            return raw


def fill(ws: Workspace) -> None:
    """Let the workspace have what Slack had."""
    for given in KEPT["ims"]:
        assert ws.ids.next("D") == given["id"]
        ws.channels[given["id"]] = Channel(**{**given, "members": tuple(given["members"])})
    for given in KEPT["messages"]:
        ws.post(Message(**given))


def keys_in(ws: Workspace) -> Iterator[str]:
    """The key of each message of the desk, as often as it stands there."""
    for message in chain.from_iterable(by_ts.values() for by_ts in ws.messages.values()):
        if message.metadata is not None:
            yield str(message.metadata["event_payload"]["key"])


def rows(url: str, query: str) -> list[dict[str, Any]]:
    """What stands in the database."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(text(query)).mappings()]
    engine.dispose()
    return found
