"""The heads of packages: expected from the register, and recorded in it."""
