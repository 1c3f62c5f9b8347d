"""Runs the jobs of a batch on a Dask cluster."""
