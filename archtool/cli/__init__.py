"""The command line: one module for each command, one error boundary, one module that prints."""
