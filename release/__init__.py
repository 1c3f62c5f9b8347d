"""Makes the files of a release; not part of what is installed."""
