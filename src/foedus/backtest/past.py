"""The shipped cases about the past, each as it stood before what it is about."""

from functools import partial
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from foedus.backtest.episode import Asked, Episode, text_of
from foedus.case import figures, shipped
from foedus.case.read import read_text
from foedus.case.schema import Case

FILE = "cases.yaml"
# First moves a year differ between pairs by a gamma law, 1946-2010: shape, years. Neighbouring
# rivals: 642 disputes in 5,974 directed years; neighbours who are no rivals: 595 in 47,328.
RATES = {True: (1.42, 13.6), False: (0.209, 16.6)}
# What a first move led to: deaths (answered and not), war; the same pairs and years.
LED_TO = {
    True: {"fatal": 0.67 * 0.51 + 0.33 * 0.043, "war": 0.055},
    False: {"fatal": 0.43 * 0.41 + 0.57 * 0.047, "war": 3 / 595},
}


def episodes() -> list[Episode]:
    """Every threat of every case of the past."""
    found = []
    for name, entry in entries().items():
        first, last = entry["years"]
        for threat, known in entry["threats"].items():
            before = partial(_odds, known, last - first + 1)
            base = before(disputes=0, counted=0)
            record = before(disputes=known["disputes"], counted=known["counted"])
            case = partial(as_it_stood, name, entry)
            found.append(
                Episode(
                    f"{name}: {threat}", entry["case"], case, entry["plays"], threat, base, record
                )
            )
    return found


def entries() -> dict[str, dict[str, Any]]:
    """What is changed in each shipped case, as `cases.yaml` has it."""
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(text_of(FILE))
    return found


def as_it_stood(name: str, entry: dict[str, Any]) -> Case:
    """A shipped case with the years, figures and option of then; without claims and other options.

    Worlds are calibrated on the reference, the state under which the pair's record was made.
    """
    told = YAML(typ="safe").load(shipped.find(entry["case"]).read_text("utf-8"))
    told["years"], told["reference"] = entry["years"], entry["reference"]
    told["assumptions"] |= entry.get("assumptions", {})
    options = {o: told["options"][o] for o in dict.fromkeys([entry["reference"], entry["plays"]])}
    for option, sets in entry.get("sets", {}).items():
        options[option] = {**options[option], "sets": sets}
    told |= {"options": options, "claims": {}}
    text = StringIO()
    YAML().dump(told, text)
    return read_text(text.getvalue(), f"{name}.yaml")


def _odds(known: dict[str, Any], years: int, *, disputes: int, counted: int) -> dict[str, float]:
    """Of at least one such event in so many years, over the rates that are left possible."""
    shape, exposure = RATES[known["rivals"]]
    shape, exposure = known.get("pairs", 1) * shape + disputes, exposure + counted
    led = LED_TO[known["rivals"]]
    return {
        event: 1.0 - (exposure / (exposure + years * share)) ** shape
        for event, share in led.items()
    }


def _inputs() -> dict[str, str]:
    names = dict.fromkeys(entry["case"] for entry in entries().values())
    texts = {name: shipped.find(name).read_text("utf-8") for name in names}
    return {"cases": text_of(FILE), **texts, "common": figures.text("common")}


CASES = Asked(
    "threats",
    episodes,
    _inputs,
    "cases-outcomes.csv",
    "These are the cases that foedus ships: chosen because they are argued about, by people who "
    "know how they ended, so no sample of anything. The threats of one case are resampled "
    "together. The figures of the shared file come from research on years that include these.",
)
