"""Values that are the same from run to run: read from variables, the project's file and the user's file."""
