"""How fast the SDK and the reference server are, as ratios to bare peers measured in the same run.

Run `python -m benchmarks`, or some rows alone: `python -m benchmarks 4 5`. See docs/performance.md.
"""
