"""The screen: one file per command, one error boundary, one place that prints."""
