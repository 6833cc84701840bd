"""What crosses the wire: models that both ends share, leaning on nothing of ours."""
