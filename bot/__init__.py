"""The desk itself: rules and use cases. No Slack, no SQL, no environment, no clock of its own."""
