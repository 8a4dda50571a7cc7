"""Speed of the hot paths, as ratios beside what one would use instead. `make bench` runs all of them."""
