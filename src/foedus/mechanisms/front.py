"""Which forces meet on this front? Local forces, not national totals."""

from foedus.mechanisms.base import Params, Scalar, assume


class Front(Params):
    """The share of each side's forces that can be brought to this front."""

    challenger: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the challenger's forces that can be here"
    )
    target: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the target's forces that can be here"
    )
    helper: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the helper's forces promised to this front"
    )
    base: Scalar = assume(
        unit="1", legal=(0, 1), means="how far a base in the host covers this front"
    )


class Stakes(Params):
    """What the players gain and lose, in units of what the challenger wants."""

    noise: Scalar = assume(
        unit="stake", legal=(0.05, 10), means="spread of what players do not know of each other"
    )
    unanswered: Scalar = assume(
        unit="stake", legal=(0, 1), means="what the challenger gains if nobody answers"
    )
    cost_challenger: Scalar = assume(
        unit="stake", legal=(0, 2), means="the challenger's cost of fighting"
    )
    cost_target: Scalar = assume(unit="stake", legal=(0, 2), means="the target's cost of fighting")
    cost_more: Scalar = assume(
        unit="1", legal=(0, 3), means="how much dearer fighting becomes once the helper joins"
    )
    helper_stake: Scalar = assume(
        unit="1", legal=(0, 3), means="what saving the target is worth to the helper"
    )
    too_late: Scalar = assume(
        unit="1", legal=(0, 1), means="share of that worth left once lost land must be retaken"
    )
    base_alone: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the base that fights even if the helper stays out"
    )


def worth_of_help(k: Stakes, alone: Scalar, helped: Scalar, in_time: Scalar) -> Scalar:
    """What intervening changes for the helper [stakes].

    v_P (P15 - P16), discounted by `too_late` where help loses the race and must compel.
    """
    timely = in_time + (1.0 - in_time) * k.too_late
    return k.helper_stake * (alone - helped) * timely
