"""The law core: pure, so its tests need nothing that runs."""
