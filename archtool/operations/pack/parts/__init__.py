"""Divides a payload that is too large for one package into the packages of a group."""
