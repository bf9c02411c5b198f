"""What the service can carry, as ratios to a yardstick that runs in the same minute on the same machine."""
