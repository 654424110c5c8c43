"""Case -> plain sentences: what the file says, read back to whoever wrote it."""

from collections.abc import Iterator
from textwrap import fill

from foedus.case.claim import Weigh
from foedus.case.schema import Assumption, Case, Claim, Comparison, Interaction, Level, Trigger
from foedus.case.screen import Change, Keep, Span

_ASKS = {
    "lower": "lower",
    "higher": "higher",
    "no_lower": "no lower",
    "no_higher": "no higher",
    "same": "the same",
    "at_least": "at least",
    "at_most": "at most",
}


def show(case: Case, width: int = 96) -> str:
    """A case in plain sentences; headings are in capitals, one thing a paragraph.

    Args:
        case: a case, as it was read.
        width: letters a line.
    """
    lines: list[str] = []
    for paragraph in _paragraphs(case):
        indent = len(paragraph) - len(paragraph.lstrip())
        hang = " " * (indent + 2 if indent else 0)
        lines.append(fill(paragraph, width, subsequent_indent=hang, break_on_hyphens=False))
    return "\n".join(lines) + "\n"


def _paragraphs(case: Case) -> Iterator[str]:
    yield case.title
    yield case.question
    if case.about:
        yield from ("", case.about.strip())
    span = f"It is played from {case.years[0]} to {case.years[1]}, {case.horizon} years"
    yield from ("", f"{span}; money is in prices of {case.price_year}.")
    for heading, part in (
        ("WHO", _who(case)),
        ("WHO MIGHT CHALLENGE WHOM", _threats(case)),
        *([("HOW HELP WOULD COME", _ways(case))] if case.routes else []),
        ("WHAT IS DECIDED", _options(case)),
        ("WHAT IS NOT KNOWN", _assumptions(case)),
        ("HOW THE WORLD MAY WORK", _theories(case)),
        *([("WHICH WORLDS ARE SET ASIDE", _screens(case))] if case.screens else []),
        ("WHAT PEOPLE SAY", _claims(case)),
    ):
        yield from ("", heading)
        yield from part


def _who(case: Case) -> Iterator[str]:
    host, helper = (case.actors[a].name for a in (case.alliance.host, case.alliance.helper))
    yield f"The options are about help of {helper} to {host}, with a base or without one."
    for key, actor in case.actors.items():
        yield f"  {key}: {actor.name}. {actor.says}".rstrip()
    for treaty in case.treaties.values():
        between = _and([case.actors[actor].name for actor in treaty.between])
        yield f"  In force between {between} since {treaty.since}: {treaty.says}"


def _threats(case: Case) -> Iterator[str]:
    for key, threat in case.threats.items():
        challenger, target = case.actors[threat.challenger].name, case.actors[threat.target].name
        helper = f"{case.actors[threat.helper].name} might" if threat.helper else "nobody would"
        rivals = "strategic rivals" if threat.rivals else "no strategic rivals"
        said = f"{challenger} might challenge {target}, and {helper} help. They are {rivals} today."
        yield f"  {key}: {said} {threat.says}".rstrip()
    for key, pair in case.beside.items():
        said = f"{_and([case.actors[each].name for each in pair.between])} may quarrel without"
        yield f"  {key}: {said} {case.actors[case.alliance.host].name}. {pair.says}".rstrip()


def _ways(case: Case) -> Iterator[str]:
    helper, host = (case.actors[a].name for a in (case.alliance.helper, case.alliance.host))
    yield f"From {helper} to {host}, in worlds that believe the theory closure of arrival."
    for key, route in case.routes.items():
        yield f"  {key}: {route.says}{' It is still to be opened.' if route.planned else ''}"
        for name, stage in route.stages.items():
            denied = f" May be denied by {_and(list(stage.denied_by))}." if stage.denied_by else ""
            yield f"      {name}: {stage.says or 'a stage.'}{denied}"
    for key, denier in case.deniers.items():
        yield f"  Who may deny, {key}: {denier.says}"


def _options(case: Case) -> Iterator[str]:
    for key, option in case.options.items():
        reference = ", the reference" if key == case.reference else ""
        yield f"  {key}{reference}: {option.says}"
        if option.when is not None:
            yield f"      is as {case.reference} until {_event(option.when)}"
        for name, given in option.sets.items():
            yield f"      {name}: {in_words(given)}"
        if option.without:
            yield f"      leaves out what a base does through {_and(list(option.without))}"


def _event(when: Trigger) -> str:
    if when.year is not None:
        return f"{when.year}"
    if when.dispute is not None:
        return f"the year after a dispute first came between the two states of {when.dispute}"
    high = f"were first above {when.above:g} a year"
    return f"the year after the odds of a dispute in {when.tension} {high}"


def _assumptions(case: Case) -> Iterator[str]:
    judged = sum(each.judged for each in case.assumptions.values())
    yield f"{len(case.assumptions)} numbers; {judged} of them rest on judgement alone."
    if case.uses:
        borrowed = sum(name in case.borrowed for name in case.assumptions)
        yield (
            f"{borrowed} of them are not of this case: they come from the shared figures "
            f"{_and(list(case.uses))}, and say so."
        )
    for name, given in case.assumptions.items():
        means = f" {given.means}." if given.means else ""
        shared = f" ({case.borrowed[name]})" if name in case.borrowed else ""
        yield f"  {name}: {in_words(given)} [{', '.join(given.source)}].{means}{shared}"


def in_words(given: Assumption) -> str:
    """A number we know, or do not know, with its unit."""
    unit = "" if given.unit == "1" else f" {given.unit}"
    if given.exactly is not None:
        word = isinstance(given.exactly, str)
        return str(given.exactly) if word else f"{given.exactly:,g}{unit}"
    if given.choices is not None:
        said = [each if isinstance(each, str) else f"{each:,g}{unit}" for each in given.choices]
        weights = given.weights or ()
        shares = [f" ({weight / sum(weights):.0%})" for weight in weights] or [""] * len(said)
        return _or([f"{each}{share}" for each, share in zip(said, shares, strict=True)])
    if given.yearly is not None:
        return f"as the reference until it is {_stepwise(given.steps())}"
    points = given.points()
    centre = f", centre {points[1]:,g}" if len(points) == 3 else ""
    scale = ", on a log scale" if given.scale == "log" else ""
    return f"{points[0]:,g} to {points[-1]:,g}{unit}{centre}{scale}"


def _stepwise(steps: dict[int, Assumption]) -> str:
    return ", then ".join(f"{in_words(each)} from {year}" for year, each in steps.items())


def _theories(case: Case) -> Iterator[str]:
    yield (
        "Where several theories are named, each world believes one, each as often as the next "
        "unless the case says how often: a convention either way, and no evidence for any of them."
    )
    for question, weights in case.theories.items():
        alike = len(set(weights.values())) == 1
        shares = {name: weight / sum(weights.values()) for name, weight in weights.items()}
        said = [name if alike else f"{name} ({share:.0%})" for name, share in shares.items()]
        shared = case.borrowed.get(f"theories.{question}")
        yield f"  {question}: {_or(said)}{f' ({shared})' if shared else ''}"


def _screens(case: Case) -> Iterator[str]:
    yield "A world that does not meet all of these is set aside under every option, and counted."
    for name, screen in case.screens.items():
        yield f"  {name}: {screen.says} That is, {keeps(screen.form)} [{', '.join(screen.source)}]."


def keeps(form: Change | Span | Keep) -> str:
    """What a screen asks of a world, in words."""
    if isinstance(form, Keep):
        return f"{form.less} is below {form.more}"
    low, high = form.bounds
    if isinstance(form, Span):
        return f"{form.outcome} under {form.option} is from {low:g} to {high:g}"
    measure = " %" if form.percent else " in log-odds" if form.log_odds else ""
    return (
        f"{form.outcome} under {form.option} differs from that under {form.than} by {low:g} to "
        f"{high:g}{measure}"
    )


def _claims(case: Case) -> Iterator[str]:
    tested = sum(bool(claim.tests or claim.weigh) for claim in case.claims.values())
    holds, fails = case.verdicts.holds, case.verdicts.fails
    bars = f"right in {holds:.0%} of the worlds or more, and fails if in {fails:.0%} or fewer"
    yield f"{len(case.claims)} claims, {tested} of them tested in every world."
    yield f"A claim holds if it is {bars}."
    for key, claim in case.claims.items():
        yield f"  {key} ({claim.kind}): {claim.says}"
        yield from _answers(claim)


def _answers(claim: Claim) -> Iterator[str]:
    """How a claim is tested, or why it is not, and what the record says."""
    if claim.by:
        yield f"      Said by {claim.by}."
    if claim.quote:
        yield f'      In its own words: "{claim.quote}"'
    for check in claim.tests.values():
        yield f"      Tested: {check.says} That is, {asks(check.form)}."
    if claim.weigh is not None:
        yield f"      Weighed: {claim.weigh.says} That is, {weighs(claim.weigh)}."
    if claim.untested:
        yield f"      Not tested: {claim.untested}"
    if claim.record is not None:
        record = f"{claim.record.status}, with {claim.record.confidence} confidence"
        yield f"      On the public record: {record}."


def asks(form: Comparison | Interaction | Level) -> str:
    """What a test asks of one world, in words."""
    is_ = _ASKS[form.is_]
    if isinstance(form, Level):
        return f"{form.outcome} under {form.option} is {is_} {form.value:g}"
    by = form.by if isinstance(form.by, str) else f"{form.by:g}"
    within = "to within" if form.is_ in ("same", "no_lower", "no_higher") else "by more than"
    margin = "" if form.by == 0 else f", {within} {by}"
    if isinstance(form, Comparison):
        return (
            f"{form.outcome} under {form.option} is {is_} than under {form.than}{margin}".replace(
                "the same than", "the same as"
            )
        )
    first, second = form.first, form.second
    return (
        f"the step in {form.outcome} from {first.than} to {first.option} is {is_} than that from "
        f"{second.than} to {second.option}{margin}"
    ).replace("the same than", "the same as")


def weighs(form: Weigh) -> str:
    """How a value claim is tested, in words."""
    rivals = "every other option" if form.better_than is None else _and(list(form.better_than))
    swings = {"changes": "by what the options change", "levels": "by how it spreads over worlds"}
    said = []
    for name, aim in form.outcomes.items():
        swing = swings[aim.swing] if isinstance(aim.swing, str) else f"by {aim.swing:g}"
        low, high = aim.weight
        bounds = "" if (low, high) == (0, 1) else f", weight {low:g} to {high:g}"
        said.append(f"{name} ({aim.better} is better; measured {swing}{bounds})")
    return f"{form.option} is better than {rivals}, for every way to weigh {_and(said)}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
