"""The metadata of an RO-Crate in a package: made from its history, and checked against it."""
