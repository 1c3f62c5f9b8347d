"""What is wrong with the characters of a text, as findings."""
