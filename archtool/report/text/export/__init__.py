"""What was exported, for people."""
