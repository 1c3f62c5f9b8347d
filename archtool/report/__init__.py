"""What a person or a script is shown: text, JSON, HTML and CSV. Only models are imported."""
