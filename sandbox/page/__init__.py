"""The page in the browser: be a colleague, type commands, fill modals, click cards, move time."""
