"""Running projects, attacked and inspected by tools that nobody here wrote."""
