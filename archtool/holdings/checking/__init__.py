"""Checks a register: its chain of events, the state that follows from them, and the database itself."""
