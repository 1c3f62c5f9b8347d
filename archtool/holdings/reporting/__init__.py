"""Reads from a register what its report shows: totals, faults, what is overdue, history, details."""
