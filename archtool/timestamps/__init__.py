"""RFC 3161 timestamps, the CMS and X.509 formats that they use, and evidence records."""
