"""What a transcription's characters and lines are like; it is shown bytes and opens no file."""
