"""The advice as the object that `--json` prints."""

from headstart.advice import Advice, Standing
from headstart.argument.words import source
from headstart.knowledge.model import Rule


def as_json(advice: Advice) -> dict[str, object]:
    """The advice as an object, all but the command that acts on it."""
    return {
        "recommendation": advice.recommendation,
        "confidence": advice.confidence,
        "answers": dict(advice.answers),
        "ranking": [_standing(each) for each in advice.ranking],
        "strongest_against": advice.strongest_against and _rule(advice.strongest_against),
        "would_change": [
            {"answers": dict(each.answers), "recommendation": each.recommendation}
            for each in advice.would_change
        ],
        "ask_next": advice.ask_next,
        "left_out": list(advice.left_out),
        "disagreements": [
            {
                "question": each.question,
                "positions": [
                    {"framework": rule.framework, **_rule(rule)} for rule in each.positions
                ],
            }
            for each in advice.disagreements
        ],
        "features": list(advice.features),
    }


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "framework": standing.framework,
        "points": standing.points,
        "reasons": [
            {
                "rule": reason.rule.id,
                "because": reason.rule.because,
                "points": reason.rule.points,
                "answers": dict(reason.answers),
                "source": source(reason.rule),
            }
            for reason in standing.reasons
        ],
        "cautions": [_rule(rule) for rule in standing.cautions],
    }


def _rule(rule: Rule) -> dict[str, object]:
    return {"rule": rule.id, "because": rule.because, "source": source(rule)}
