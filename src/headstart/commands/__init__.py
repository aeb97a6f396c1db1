"""The commands, one module each. They take words in and put words out; nothing is decided here."""
