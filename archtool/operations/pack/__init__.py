"""Making a package: `pack` is the page of numbered steps."""
