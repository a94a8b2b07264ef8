"""Run every benchmark, one after another: `python -m benchmarks` or `make bench`."""

from benchmarks import indexing, latency, quality

for benchmark in (quality, indexing, latency):
    benchmark.main()
