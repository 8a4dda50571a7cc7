"""All benchmarks, one line each."""

from benchmarks import detection, segmentation

for benchmark in (segmentation, detection):
    print(benchmark.run())
