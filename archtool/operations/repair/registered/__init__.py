"""Repairs of holdings: what the register knows about the copies, and what a repair writes into it."""
