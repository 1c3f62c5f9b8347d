"""Repairing a transcription: the repaired copy, its change log, and the questions to a person."""
