"""What a person or a script is shown: text and JSON; reads models only."""
