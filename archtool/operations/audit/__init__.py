"""Checks the copies of a register: each copy is verified and compared with what the register knows."""
