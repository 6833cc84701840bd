"""The reference intake server: the other end of the same wire."""
