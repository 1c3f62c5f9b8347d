"""Tables that people keep in spreadsheets: rows and cells, and nothing of what they mean."""
