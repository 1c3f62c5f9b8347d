"""Audits: the copies of a register that are due are checked by a runner, and each check is recorded."""
