"""Answers questions about a register: lists, what is due, totals, names that are alike."""
