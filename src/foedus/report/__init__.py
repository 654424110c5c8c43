"""A run and its verdicts -> one HTML file that opens without a network.

`foedus.report(run, path)` writes it: see `foedus.report.page.report`.
"""

from foedus.verb import make_verb

make_verb(__name__, "foedus.report.page", "report")
