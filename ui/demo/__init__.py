"""One whole journey through the real widgets, against the real intake, with the network cut in the middle."""
