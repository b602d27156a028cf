"""The one door to the Web API: token, scopes, rates, then the method itself."""

from collections.abc import Mapping
from typing import Any

from sandbox.methods import chat, conversations, files, users, views
from sandbox.methods.base import Answer, ApiError, Args, Method
from sandbox.state import State

METHODS: Mapping[str, Method] = {
    "api.test": Method(run=users.api_test, args=frozenset()),
    "apps.connections.open": Method(run=users.connections_open, args=frozenset()),
    "auth.test": Method(run=users.auth_test, args=frozenset()),
    "chat.getPermalink": Method(run=chat.get_permalink, args=chat.PERMALINK_ARGS),
    "chat.postEphemeral": Method(
        run=chat.post_ephemeral, args=chat.EPHEMERAL_ARGS, scopes=frozenset({"chat:write"})
    ),
    "chat.postMessage": Method(
        run=chat.post_message, args=chat.POST_ARGS, scopes=frozenset({"chat:write"})
    ),
    "chat.update": Method(run=chat.update, args=chat.UPDATE_ARGS, scopes=frozenset({"chat:write"})),
    "conversations.history": Method(
        run=conversations.history,
        args=conversations.HISTORY_ARGS,
        scopes=conversations.ANY_HISTORY,
    ),
    "conversations.info": Method(
        run=conversations.info, args=conversations.INFO_ARGS, scopes=conversations.ANY_READ
    ),
    "conversations.list": Method(
        run=conversations.list_conversations,
        args=conversations.LIST_ARGS,
        scopes=conversations.ANY_READ,
    ),
    "conversations.members": Method(
        run=conversations.members, args=conversations.MEMBERS_ARGS, scopes=conversations.ANY_READ
    ),
    "conversations.open": Method(
        run=conversations.open_conversation,
        args=conversations.OPEN_ARGS,
        scopes=frozenset({"im:write"}),
    ),
    "conversations.replies": Method(
        run=conversations.replies,
        args=conversations.REPLIES_ARGS,
        scopes=conversations.ANY_HISTORY,
    ),
    "files.completeUploadExternal": Method(
        run=files.complete_upload, args=files.COMPLETE_ARGS, scopes=frozenset({"files:write"})
    ),
    "files.delete": Method(
        run=files.delete, args=files.DELETE_ARGS, scopes=frozenset({"files:write"})
    ),
    "files.getUploadURLExternal": Method(
        run=files.get_upload_url, args=files.URL_ARGS, scopes=frozenset({"files:write"})
    ),
    "files.info": Method(run=files.info, args=files.INFO_ARGS, scopes=frozenset({"files:read"})),
    "team.info": Method(
        run=users.team_info, args=frozenset({"team"}), scopes=frozenset({"team:read"})
    ),
    "users.info": Method(
        run=users.users_info, args=users.INFO_ARGS, scopes=frozenset({"users:read"})
    ),
    "users.list": Method(
        run=users.users_list, args=users.LIST_ARGS, scopes=frozenset({"users:read"})
    ),
    "views.open": Method(run=views.open_view, args=views.OPEN_ARGS),
    "views.publish": Method(run=views.publish_view, args=views.PUBLISH_ARGS),
    "views.push": Method(run=views.push_view, args=views.OPEN_ARGS),
    "views.update": Method(run=views.update_view, args=views.UPDATE_ARGS),
}

# Refusals that depend on what the bot sent, not on the state of the workspace: its mistakes.
SCHEMA_ERRORS = frozenset(
    {
        "alt_txt_too_large",
        "duplicate_external_id",
        "invalid_arguments",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_cursor",
        "invalid_limit",
        "invalid_metadata_format",
        "invalid_thread_ts",
        "invalid_types",
        "metadata_too_large",
        "missing_argument",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "unknown_method",
        "users_list_not_supplied",
        "view_too_large",
    }
)
COMMON_ARGS = frozenset({"token", "team_id"})
OPEN_TO_ALL = frozenset({"api.test"})
"""What asks for no token: https://docs.slack.dev/reference/methods/api.test"""


def call(state: State, name: str, token: str, args: Mapping[str, Any]) -> Answer:
    """Call a Web API method as the app does; never raises for what Slack would answer.

    `args` are form strings or decoded JSON. A refusal that is the bot's own mistake goes on
    `problems` as well.
    """
    given = Args(args)
    try:
        method = _allowed(state, name, token)
        wait = state.rates.wait(name, given.text("channel"))
        if wait:
            return Answer(429, {"Retry-After": str(wait)}, {"ok": False, "error": "ratelimited"})
        _known(state, name, method, given)
        return Answer(200, _headers(state), {"ok": True} | method.run(state, given))
    except ApiError as error:
        if error.code in SCHEMA_ERRORS:
            said = error.more.get("response_metadata", {}).get("messages") or error.more
            state.problem("api", name, f"{error.code} {said or ''}".strip())
        body = {"ok": False, "error": error.code} | error.more
        return Answer(200, _headers(state), body)


def _headers(state: State) -> dict[str, str]:
    return {
        "x-slack-req-id": state.ids.digest("request"),
        "x-oauth-scopes": ",".join(sorted(state.manifest.scopes)),
    }


def _allowed(state: State, name: str, token: str) -> Method:
    method = METHODS.get(name)
    if method is None:
        raise ApiError("unknown_method", req_method=name)
    if name in OPEN_TO_ALL:
        return method
    if not token:
        raise ApiError("not_authed")
    if token not in {state.bot_token, state.identity.app_token}:
        raise ApiError("invalid_auth")
    wanted = state.identity.app_token if name == "apps.connections.open" else state.bot_token
    if token != wanted:
        raise ApiError("not_allowed_token_type")
    if state.token_error:
        raise ApiError(state.token_error)
    if method.scopes and not method.scopes & state.manifest.scopes:
        raise ApiError(
            "missing_scope",
            needed=",".join(sorted(method.scopes)),
            provided=",".join(sorted(state.manifest.scopes)),
        )
    return method


def _known(state: State, name: str, method: Method, args: Args) -> None:
    for unknown in sorted(args.names() - method.args - COMMON_ARGS):
        state.problem("unknown_argument", name, unknown)
