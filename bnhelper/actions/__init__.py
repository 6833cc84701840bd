"""What a person does: one module per verb; the only writers."""
