"""The products and their pages."""
