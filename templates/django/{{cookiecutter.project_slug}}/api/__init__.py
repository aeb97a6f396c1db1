"""The API: what programs can do here, each part of it in a module of its own."""
