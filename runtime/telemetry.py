"""Opens what tells others of this process, where a setting asks for it: traces and errors."""

import contextlib
from collections.abc import Iterator

from runtime.settings import Settings, SettingsError
from runtime.spans import Spans

NEEDED = (
    "{}: the packages for it are not installed. Run `pip install --require-hashes -r "
    "requirements/telemetry.txt`."
)


@contextlib.contextmanager
def telemetry(settings: Settings, role: str) -> Iterator[Spans | None]:
    """Tell Sentry of errors and a collector of spans, as far as they are set; gives what begins
    spans, None where nobody wants them.

    Raises SettingsError when a package is missing or Sentry's address is none.
    """
    with contextlib.ExitStack() as stack:
        if settings.sentry_dsn.get_secret_value():
            _report(settings.sentry_dsn.get_secret_value(), stack)
        yield _spans(settings.otel_exporter_otlp_endpoint, role, stack)


def _report(dsn: str, stack: contextlib.ExitStack) -> None:
    try:
        from sentry_sdk.utils import BadDsn

        from runtime.reports import reporting
    except ImportError:
        raise SettingsError(NEEDED.format("SENTRY_DSN")) from None
    try:
        stack.enter_context(reporting(dsn))
    except BadDsn:
        raise SettingsError(
            "SENTRY_DSN: should be the address as Sentry shows it, https://KEY@HOST/PROJECT."
        ) from None


def _spans(endpoint: str, role: str, stack: contextlib.ExitStack) -> Spans | None:
    if not endpoint:
        return None
    try:
        from runtime.tracing import exporter, tracing

        processor = exporter(endpoint)
    except ImportError:
        raise SettingsError(NEEDED.format("OTEL_EXPORTER_OTLP_ENDPOINT")) from None
    return stack.enter_context(tracing(role, processor))
