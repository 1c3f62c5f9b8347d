"""Keys for signing and files about trust, as they are named on the command line."""
