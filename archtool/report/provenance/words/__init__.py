"""The words of the account and the drawing of a history, in each language."""
