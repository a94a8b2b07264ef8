"""The scripts behind every number of the README; each is run as `python -m benchmarks.NAME`."""
