"""PostgreSQL: one pool, as many threads as connections."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import URL, Connection, Engine, create_engine

from bot.errors import ConfigurationError
from storage.backend import PATIENCE, Backend

CONNECTIONS = 8

_MILLISECONDS = int(PATIENCE * 1000)
_OPTIONS = " ".join(
    (
        f"-c statement_timeout={_MILLISECONDS}",
        f"-c lock_timeout={_MILLISECONDS}",
        "-c idle_in_transaction_session_timeout=10000",
        "-c timezone=UTC",
    )
)


def build(url: URL) -> Backend:
    """The engines for a PostgreSQL database; both use the same pool."""
    with extra():
        engine = _engine(url)
    return Backend(
        writer=engine,
        # One snapshot for all that is read together: numbers of one screen agree with each other.
        reader=engine.execution_options(
            postgresql_readonly=True, isolation_level="REPEATABLE READ"
        ),
        threads=CONNECTIONS,
        has_one_writer=False,
        check=_nothing_to_see,
        set_patience=_keep_patience,
    )


@contextlib.contextmanager
def extra() -> Iterator[None]:
    """Around what only PostgreSQL needs: raises ConfigurationError when it is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "DATABASE_URL: PostgreSQL needs its driver and Procrastinate: "
            "pip install --require-hashes -r requirements/postgres.txt"
        ) from error


def _nothing_to_see() -> None:
    """The server tells by itself when it is gone."""


def _keep_patience(connection: Connection, seconds: float) -> None:
    """Each session has its time limits already; setting them anew would cost a round trip."""


def _engine(url: URL) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # a statement in a log must not carry what people typed
        isolation_level="READ COMMITTED",
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_recycle=1800,
        connect_args={
            "options": _OPTIONS,
            "connect_timeout": int(PATIENCE),
            "application_name": "social-desk",
        },
    )
