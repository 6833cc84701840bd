"""What a screen asks: read only."""
