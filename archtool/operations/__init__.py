"""The procedures: each reads as the numbered steps of what it does."""
