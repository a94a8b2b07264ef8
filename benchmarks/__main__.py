"""Run every benchmark, one after another: `python -m benchmarks` or `make bench`."""

from benchmarks import balance, indexing, latency, quality

for benchmark in (quality, balance, indexing, latency):
    benchmark.main()
