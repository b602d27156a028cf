"""Speaks Slack: requests in, messages out."""
