"""`archtool text`: what is wrong with a transcription, its repair, and the comparison of two."""
