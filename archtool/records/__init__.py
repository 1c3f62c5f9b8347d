"""Records of other programs: BibTeX, RIS, CSL-JSON, Dublin Core, TEI; each becomes a `Record`."""
