"""Users: how they register, log in and change what belongs to them."""
