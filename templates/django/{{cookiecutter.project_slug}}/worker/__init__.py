"""Work in the background: whoever asks for it does not wait for it."""
