"""Repairs of transcriptions: rule sets, their changes, and the record of them."""
