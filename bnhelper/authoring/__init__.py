"""For whoever writes procedures; never in the bundle."""
