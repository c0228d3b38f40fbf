"""Speed and memory at national size, as ratios taken in one run. `make bench`, or `python -m benchmarks --help`."""
