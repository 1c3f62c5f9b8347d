"""The options that name the register, and who is responsible for a change."""
