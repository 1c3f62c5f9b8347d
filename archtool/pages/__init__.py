"""HTML pages of transcription archives: their encoding, their text, and the lines that describe it."""
