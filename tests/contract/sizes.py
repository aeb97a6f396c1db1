"""How much is done to the projects, where more proves more and takes longer."""

import os

# `poe faults` sets it.
SIZE = int(os.environ.get("FAULTS_SIZE", "1"))
