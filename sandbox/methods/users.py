"""api.test, auth.test, users.*, team.info, apps.connections.open."""

from sandbox import objects
from sandbox.methods.base import ApiError, Args, page
from sandbox.model import Json, User
from sandbox.state import State

INFO_ARGS = frozenset({"include_locale", "user"})
LIST_ARGS = frozenset({"cursor", "include_locale", "limit", "team_id"})


def api_test(_state: State, _args: Args) -> Json:
    """api.test: whether Slack answers at all."""
    return {}


def auth_test(state: State, _args: Args) -> Json:
    """auth.test: who the token is."""
    identity = state.identity
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.team_name,
        "user": state.users[identity.bot_user].name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user,
        "bot_id": identity.bot_id,
        "is_enterprise_install": state.is_org_install,
    }


def _shown(state: State, user: User, args: Args) -> Json:
    return objects.user_object(state, user, locale=args.flag("include_locale"))


def users_info(state: State, args: Args) -> Json:
    """users.info, deactivated users too."""
    user = state.users.get(args.need("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _shown(state, user, args)}


def users_list(state: State, args: Args) -> Json:
    """users.list by pages: everybody of the workspace, bots and deactivated users too."""
    ours = [user for user in state.users.values() if user.team_id is None]
    users, cursor = page(state, args, ours, default=200, most=1000)
    return {
        "members": [_shown(state, user, args) for user in users],
        "cache_ts": int(state.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def team_info(state: State, _args: Args) -> Json:
    """team.info of the one workspace."""
    identity = state.identity
    return {
        "team": {
            "id": identity.team_id,
            "name": identity.team_name,
            "domain": identity.domain,
            "email_domain": "",
        }
    }


def connections_open(state: State, _args: Args) -> Json:
    """apps.connections.open: an address for one connection."""
    ticket = state.ids.digest("ticket")
    state.tickets.add(ticket)
    return {"url": f"{state.base_url.replace('http', 'ws', 1)}/link?ticket={ticket}"}
