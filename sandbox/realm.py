"""Several workspaces in one Slack, and one app that is installed to them over OAuth.

    realm = Realm(clock, redirect_urls=("https://desk.test/slack/oauth_redirect",))
    north, south = realm.add(Workspace.build(...)), realm.add(Workspace.build(...))
    back = realm.allow(url, north, olga.id)     # the address that the browser is sent back to
    client = AsyncWebClient(token=None, session=local_session(realm))

Sources: https://docs.slack.dev/authentication/installing-with-oauth,
https://docs.slack.dev/authentication/using-token-rotation,
https://docs.slack.dev/enterprise/organization-ready-apps
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.methods.base import Answer, ApiError, Args
from sandbox.methods.call import call
from sandbox.model import Json
from sandbox.oauth import Access, Code, Registrar
from sandbox.workspace import Workspace

TEAM_METHODS = frozenset({"conversations.list", "users.list"})
"""What has to be told which workspace is meant, under an organisation's token
(https://api.slack.com/enterprise/apps/changes-apis).
"""


class NotAllowedError(Exception):
    """The page on which a person allows an app shows this error, and sends them nowhere."""


class Realm:
    """Workspaces by their id, and who may call what there."""

    def __init__(
        self,
        clock: Clock,
        *,
        redirect_urls: Sequence[str],
        rotates: bool = False,
        org: Json | None = None,
    ) -> None:
        """`rotates`: tokens expire after twelve hours, for an app that asked for it. `org` is the
        organisation of all workspaces, with `id` and `name`.
        """
        self.clock = clock
        self.org = org
        self.redirect_urls = tuple(redirect_urls)
        self.workspaces: dict[str, Workspace] = {}
        self.granted: list[str] = []
        """The workspaces that the organisation's installation serves."""
        self.faults = Faults()
        self.calls: list[str] = []
        """Every method that was called, in order."""
        self.registrar = Registrar(clock, rotates=rotates)

    def add(self, workspace: Workspace) -> Workspace:
        """Put a workspace into this Slack; the app is not in it before it is installed."""
        team_id = workspace.identity.team_id
        self.workspaces[team_id] = workspace
        workspace.base_url = f"http://sandbox.invalid/{team_id}"
        workspace.bot_token = ""
        workspace.enterprise = self.org
        return workspace

    # -- installing

    def allow(self, url: str, workspace: Workspace | None, user_id: str) -> str:
        """Somebody opens the address of /oauth/v2/authorize and allows the app, in a workspace or
        (None) for the organisation. The address that they are sent to.

        NotAllowedError for a bad request.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        some = workspace or next(iter(self.workspaces.values()))
        if asked.get("client_id") != self.registrar.client_id:
            raise NotAllowedError("invalid_client_id")
        scopes = set(asked.get("scope", "").split(",")) - {""}
        if not scopes:
            raise NotAllowedError("invalid_scope_requested")
        back = asked.get("redirect_uri") or self.redirect_urls[0]
        if back not in self.redirect_urls:
            raise NotAllowedError("bad_redirect_uri")
        if workspace is None and self.org is None:
            raise NotAllowedError("no organisation")
        code = self.registrar.issue(
            Code(
                team_id=None if workspace is None else some.identity.team_id,
                user_id=user_id,
                scopes=",".join(sorted(scopes)),
                redirect_uri=asked.get("redirect_uri"),
                issued_at=self.clock.now(),
            )
        )
        return f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def serve_team(self, workspace: Workspace) -> None:
        """An org admin adds the app to a workspace, with `team_access_granted`."""
        self.granted.append(workspace.identity.team_id)
        self._bring(workspace, self.registrar.org_token(), is_org=True)
        self._tell_org("team_access_granted", team_ids=[workspace.identity.team_id])

    def unserve_team(self, workspace: Workspace) -> None:
        """An org admin takes the app out of a workspace, with `team_access_revoked`."""
        self._tell_org("team_access_revoked", team_ids=[workspace.identity.team_id])
        self.granted.remove(workspace.identity.team_id)
        self._bring(workspace, "", is_org=False)

    def uninstall(
        self, workspace: Workspace, events: Sequence[str] = ("tokens_revoked", "app_uninstalled")
    ) -> None:
        """Somebody removes the app from a workspace. Slack promises no order of the two events."""
        told: Mapping[str, Json] = {
            "tokens_revoked": {"tokens": {"oauth": [], "bot": [workspace.identity.bot_user]}},
            "app_uninstalled": {},
        }
        for name in events:
            event = {"type": name, **told[name], "event_ts": workspace.next_ts()}
            workspace.emit(name, event)
        self.registrar.revoke(workspace.identity.team_id)
        self._bring(workspace, "", is_org=False)

    def uninstall_org(self) -> None:
        """The organisation removes the app everywhere, with `app_uninstalled`."""
        self._tell_org("app_uninstalled")
        self.registrar.revoke(None)
        for team_id in self.granted:
            self._bring(self.workspaces[team_id], "", is_org=False)
        self.granted.clear()

    def _tell_org(self, name: str, **fields: Any) -> None:
        teller = next(iter(self.workspaces.values()))
        event = {"type": name, **fields, "event_ts": teller.next_ts()}
        teller.office.emit(name, event, of_org=True)

    def _bring(self, workspace: Workspace, token: str, *, is_org: bool) -> None:
        workspace.bot_token = token
        workspace.is_org_install = is_org
        workspace.changed()

    # -- the Web API

    def workspace_of(self, path: str) -> Workspace | None:
        """The workspace whose own address begins with this path."""
        return self.workspaces.get(path.strip("/").partition("/")[0])

    def holder(self, token: str) -> "Workspace | Realm":
        """Where the faults of a call wait: in the workspace of its token, else here."""
        try:
            access = self.registrar.access(token)
        except ApiError:
            return self
        return self if access.team_id is None else self.workspaces[access.team_id]

    def call(self, name: str, token: str, args: Mapping[str, Any]) -> Answer:
        """A method of the Web API, in the workspace that the token belongs to."""
        self.calls.append(name)
        given = Args(args)
        try:
            if name == "oauth.v2.access":
                return Answer(200, {}, {"ok": True} | self._exchange(token, given))
            access = self.registrar.access(token)
            if name == "auth.teams.list":
                return Answer(200, {}, {"ok": True} | self._teams(access))
            if name == "auth.test" and access.team_id is None:
                return Answer(200, {}, {"ok": True} | self._whole())
            meant = self._meant(name, access, given)
            # Until it expires the token before the newest one works, too.
            return call(meant, name, meant.bot_token, args)
        except ApiError as error:
            return Answer(200, {}, {"ok": False, "error": error.code} | error.more)

    def _meant(self, name: str, access: Access, args: Args) -> Workspace:
        """The workspace of a call. An organisation's token serves only those it was granted to."""
        if access.team_id is not None:
            return self.workspaces[access.team_id]
        team_id = args.text("team_id")
        if not team_id and name in TEAM_METHODS:
            raise ApiError("missing_argument", needed="team_id")
        if team_id not in self.granted:
            raise ApiError("team_access_not_granted")
        return self.workspaces[team_id]

    def _teams(self, access: Access) -> Json:
        """auth.teams.list: the workspaces that a token works in."""
        ids = self.granted if access.team_id is None else [access.team_id]
        named = [{"id": one, "name": self.workspaces[one].identity.team_name} for one in ids]
        return {"teams": named, "response_metadata": {"next_cursor": ""}}

    def _whole(self) -> Json:
        """auth.test with an organisation's token: who the app is in all of it."""
        org, some = self.org or {}, next(iter(self.workspaces.values()))
        return {
            "url": f"https://{str(org.get('name')).lower()}.enterprise.slack.com/",
            "team": org.get("name"),
            "user": some.users[some.identity.bot_user].name,
            "team_id": org.get("id"),
            "user_id": some.identity.bot_user,
            "bot_id": some.identity.bot_id,
            "enterprise_id": org.get("id"),
            "is_enterprise_install": True,
        }

    def _exchange(self, basic: str, args: Args) -> Json:
        """oauth.v2.access: a code, or a refresh token, for a token."""
        self.registrar.check_client(basic, args)
        if args.text("grant_type") == "refresh_token":
            access = self.registrar.refreshed(args.text("refresh_token"))
            for workspace in self._served_by(access):
                workspace.bot_token = access.token
            return self._told(access)
        access = self.registrar.redeemed(args)
        for workspace in self._served_by(access):
            self._bring(workspace, access.token, is_org=access.team_id is None)
            workspace.token_error = None
        return self._told(access)

    def _served_by(self, access: Access) -> list[Workspace]:
        ids = self.granted if access.team_id is None else [access.team_id]
        return [self.workspaces[one] for one in ids]

    def _told(self, access: Access) -> Json:
        some = self.workspaces[access.team_id or next(iter(self.workspaces))]
        team = {"id": some.identity.team_id, "name": some.identity.team_name}
        told: Json = {
            "access_token": access.token,
            "token_type": "bot",
            "scope": access.scopes,
            "bot_user_id": some.identity.bot_user,
            "app_id": some.identity.app_id,
            "team": None if access.team_id is None else team,
            "enterprise": self.org,
            "authed_user": {"id": access.user_id},
            "is_enterprise_install": access.team_id is None,
        }
        if access.refresh is not None:
            told |= {"refresh_token": access.refresh, "expires_in": access.seconds}
        return told
