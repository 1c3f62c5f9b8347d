"""Verifies bags and packages: the steps are numbered in `verify_bag`."""
