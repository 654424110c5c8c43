"""Write the pages that are made from the code: `python docs/writers`, or with names of pages."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

from writers.pages import PAGES, write  # noqa: E402

for page in sys.argv[1:] or PAGES:
    print(write(page))
