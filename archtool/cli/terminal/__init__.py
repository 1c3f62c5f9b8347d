"""What is shown on the terminal: output, progress and interrupts."""
