"""Writing files and folders so that each appears whole or not at all."""
