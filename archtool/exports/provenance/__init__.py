"""Histories in the forms of other programs: PROV-N, Mermaid, Graphviz."""
