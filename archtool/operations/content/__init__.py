"""What a package says of its payload and of itself, checked."""
