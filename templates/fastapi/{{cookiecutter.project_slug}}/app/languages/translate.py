"""`python -m app.languages.translate`: collect the texts, say how many are missing.

A language as its argument, such as `fr`, is begun.
"""

import sys

from app.languages import catalogues

if __name__ == "__main__":
    for line in catalogues.translate(sys.argv[1:]):
        print(line)
