"""Checking attestations against what the caller trusts."""
