"""The start of a process that serves."""

import asyncio

from runtime.settings import SettingsError, read_settings


def launch(role: str = "all") -> None:
    """Serve Slack until stopped, as all, web or worker; SettingsError for any other role."""
    from runtime.logs import set_up_logs
    from runtime.serve import ProcessRole, serve

    settings = read_settings()
    if role not in set(ProcessRole):
        raise SettingsError(f"--role: “{role}” should be all, web or worker.")
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(serve(settings, ProcessRole(role)))
