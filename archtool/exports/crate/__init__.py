"""The metadata of a package as an RO-Crate."""
