"""The bytes of files: upload to the address that a ticket gave, download with the app's token.

Sources: https://docs.slack.dev/messaging/working-with-files,
https://docs.slack.dev/reference/methods/files.getUploadURLExternal
"""

from urllib.parse import quote

from sandbox import files
from sandbox.methods.base import Answer
from sandbox.state import State

UPLOADS, DOWNLOADS, SIGN_IN = "/upload/v1/", "/files-pri/", "/signin"
SIGN_IN_PAGE = "<!doctype html><title>Sign in</title><p>Sign in to this workspace.</p>"


def take(state: State, ticket: str, content: bytes) -> Answer:
    """Keep uploaded bytes: 200, or 404 for no open ticket, 400 for another length than told."""
    upload = state.uploads.get(ticket)
    if upload is None:
        return _said(404, "no such upload")
    if upload.content is not None:
        return _said(409, "uploaded already")
    if len(content) != upload.length:
        return _said(400, f"{len(content)} bytes instead of {upload.length}")
    upload.content = content
    return _said(200, f"OK - {len(content)}")


def give(state: State, path: str, token: str) -> Answer:
    """The bytes behind `url_private` or `url_private_download`.

    Without a token that may read them Slack redirects to a page to sign in, which comes as HTML
    with 200 to who follows it: a listener that does not look at the type stores that page.
    """
    place, _, _name = path.removeprefix(DOWNLOADS).partition("/")
    file = state.files.get(place.rpartition("-")[2])
    if file is None or file.deleted:
        return _said(404, "no such file")
    if refusal := _refusal(state, token):
        state.problem("api", "files.download", refusal)
    elif files.app_sees(state, file):
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return Answer(200, headers, {}, content=file.content, kind=file.mimetype)
    return Answer(302, {"Location": f"{state.base_url}{SIGN_IN}"}, {}, content=b"", kind=_TEXT)


_TEXT = "text/plain"


def _said(status: int, text: str) -> Answer:
    return Answer(status, {}, {}, content=text.encode(), kind=_TEXT)


def _refusal(state: State, token: str) -> str | None:
    if token != state.bot_token or state.token_error:
        return state.token_error or "not the app's token"
    if "files:read" not in state.manifest.scopes:
        return "missing_scope files:read"
    return None
