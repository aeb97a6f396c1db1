"""Products that come in a file: a worker imports them in the background."""
