"""The details of events: checked before an event is appended, and kept within limits."""
