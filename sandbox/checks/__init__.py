"""Block Kit's rules: what Slack refuses in messages and views."""
