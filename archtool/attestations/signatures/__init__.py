"""The signatures of one attestation: making, checking and dating them."""
