"""The adaptive test: what comes next, when it ends, how often each item is shown."""
