"""The signatures of one attestation: made, verified and dated."""
