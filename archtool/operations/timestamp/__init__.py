"""Adding timestamps, and renewing the proof that they give."""
