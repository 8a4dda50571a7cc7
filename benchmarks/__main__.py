"""All benchmarks, one line each."""

from benchmarks import detection, segmentation, simulation

# Benchmarks that start processes import this module anew in each.
if __name__ == "__main__":
    for benchmark in (segmentation, detection, simulation):
        print(benchmark.run())
