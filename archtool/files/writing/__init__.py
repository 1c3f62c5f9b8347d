"""Writing files and folders so that each appears complete or not at all."""
