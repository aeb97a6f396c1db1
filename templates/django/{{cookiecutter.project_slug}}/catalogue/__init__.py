"""The products: what describes them, and what is done with them."""
