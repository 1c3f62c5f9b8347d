"""The characters and lines of a transcription. This package sees bytes and opens no file."""
