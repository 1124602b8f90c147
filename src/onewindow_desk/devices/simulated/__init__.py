"""Stand-ins for devices: for tests, for training, and for a walk through the program without hardware."""
