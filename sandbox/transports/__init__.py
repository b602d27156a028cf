"""Ways to the app: in process, over Socket Mode, over signed HTTP."""
