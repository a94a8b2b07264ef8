"""Run every benchmark, one after another: `python -m benchmarks` or `make bench`."""

from benchmarks import balance, duplicates, indexing, latency, quality

for benchmark in (quality, balance, duplicates, indexing, latency):
    benchmark.main()
