"""Appends attestations to a package or to its sidecar."""
