"""Lists: a windowed model and the pane around it."""
