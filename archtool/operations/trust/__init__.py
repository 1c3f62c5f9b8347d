"""What a command needs to check attestations against the keys and rules that the user trusts."""
