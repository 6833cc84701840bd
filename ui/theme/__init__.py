"""Colours, style sheets, icons and fonts: everything by role."""
