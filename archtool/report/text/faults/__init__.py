"""What is wrong with a text, as lines for a screen."""
