"""The verbs of a card: one entry each in `bot.steps.rules`, for what it asks for and changes."""
