"""A bad network on one machine: an emulated link, faults, servers and the clients that are compared over it."""
