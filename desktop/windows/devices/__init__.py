"""Windows: the devices, one by one and as a list."""
