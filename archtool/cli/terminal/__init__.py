"""The terminal: output, progress bars and interrupts."""
