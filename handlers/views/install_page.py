"""What the browser shows after installing: one clear next step, or why it did not work."""

from html import escape

AGAIN = '<p><a href="/slack/install">Start again</a></p>'

REASONS = {
    "access_denied": "Nothing was installed: it was cancelled in Slack.",
    "invalid_browser": "This page belongs to another browser, or cookies are switched off.",
    "invalid_state": "This page is too old, or was used before.",
    "invalid_code": "Slack did not accept it. A page like this works once, for ten minutes.",
    "missing_code": "Slack sent no code along.",
    "storage_error": "Social Desk could not store it just now. Try again in a few minutes.",
}


def installed_page(*, name: str, app_id: str, team_id: str | None, org_id: str | None) -> str:
    """It worked. In an organisation the app is in no workspace before an admin adds it there
    (https://api.slack.com/enterprise/apps/reference).
    """
    if team_id is None:
        return _page(
            "Social Desk is installed",
            f"<p>One step is left: add it to workspaces of {escape(name)}.</p>"
            f'<p><a href="https://app.slack.com/manage/{escape(org_id or "")}/integrations/profile/'
            f'{escape(app_id)}/workspaces/add">Choose workspaces</a></p>',
        )
    return _page(
        "Social Desk is installed",
        f"<p>One step is left: open its Home tab in {escape(name)} and say who owns what.</p>"
        f'<p><a href="https://slack.com/app_redirect?app={escape(app_id)}&amp;'
        f'team={escape(team_id)}">Open Social Desk in Slack</a></p>',
    )


def failed_page(reason: str) -> str:
    """It did not work; `reason` is Slack's or Bolt's code, which is shown only if we know it."""
    said = REASONS.get(reason, "Slack did not let it through.")
    return _page("Social Desk was not installed", f"<p>{said}</p>{AGAIN}")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title>"
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;"
        "padding:0 1rem}</style>"
        f"<h1>{title}</h1>{body}</html>"
    )
