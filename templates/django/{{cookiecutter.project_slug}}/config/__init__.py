"""Settings, middleware and whatever else concerns the whole site."""
