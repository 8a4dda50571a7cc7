"""All benchmarks, one line each."""

from benchmarks import detection, masking, merchants, regions, segmentation, simulation

# Benchmarks that start processes import this module anew in each.
if __name__ == "__main__":
    for benchmark in (segmentation, detection, simulation, regions, merchants, masking):
        print(benchmark.run())
