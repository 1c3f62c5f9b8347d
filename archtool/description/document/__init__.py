"""Descriptions as YAML and JSON text: read strictly with positions, and written."""
