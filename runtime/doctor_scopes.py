"""What a token may do, as Slack says with each answer, against what the manifest asks for."""

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.manifest import OPTIONAL, SCOPES
from runtime.findings import Finding, fail, ok, warn


def header(answer: AsyncSlackResponse, name: str) -> str:
    """A header of Slack's answer, by its name in small letters; empty when there is none."""
    headers = {str(key).lower(): str(value) for key, value in dict(answer.headers).items()}
    return headers.get(name, "")


def check_scopes(granted: str) -> Finding:
    """The scopes that Slack says the token has (x-oauth-scopes), against the manifest's."""
    has = {scope.strip() for scope in granted.split(",") if scope.strip()}
    missing, more = sorted(set(SCOPES) - has - set(OPTIONAL)), sorted(has - set(SCOPES))
    left_out = sorted(set(OPTIONAL) - has)
    if missing:
        return fail(
            "scopes",
            f"without {', '.join(missing)}. Put the manifest (python app.py manifest) into the "
            "app's page at Slack, then install the app to the workspace once more.",
        )
    if left_out:
        return warn(
            "scopes",
            f"without the optional {', '.join(left_out)}: {next(iter(OPTIONAL.values()))}.",
        )
    if more:
        return warn("scopes", f"{', '.join(more)}: granted and not needed.")
    return ok("scopes", "as the manifest asks for.")
