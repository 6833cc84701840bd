"""Sans-IO state machines: reports in, orders out; no socket, no file, no sleep."""
