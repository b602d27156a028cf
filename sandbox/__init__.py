"""A strict local Slack workspace: it refuses what Slack refuses, and has one clock.

It imports nothing of the bot's. Start at `workspace.Workspace`, `people.Person` and `clock`.
"""
