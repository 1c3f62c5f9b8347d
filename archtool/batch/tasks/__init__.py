"""What a batch does with each job: pack, verify or attest."""
