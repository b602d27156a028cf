"""Slack's Web API as a plain table: it knows nothing of HTTP."""
