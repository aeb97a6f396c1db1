"""Asks a person the few questions that matter, and returns what was said.

Parts that know little of each other: `planning` decides, without any terminal,
what to ask next and when to stop; `conversation` leads through it; `prompts` is
what each step shows, `summary` what is told before the last one, and `choosing`
which features there are to it; `terminal` shows one prompt and returns what was
chosen.
"""

from headstart.interview.conversation import ask_for_advice, interview
from headstart.interview.draft import Draft, Stopped
from headstart.interview.planning import MOST_QUESTIONS, Stop, next_question, why_stop
from headstart.interview.prompts import (
    BACK,
    CANCEL,
    CHANGE,
    DEFAULT_NAME,
    ENOUGH,
    FEATURES,
    NAME,
    SKIP,
    SUMMARY,
    WHOLE,
    Asker,
    Prompt,
    Reply,
    Several,
)
from headstart.interview.terminal import terminal

__all__ = [
    "BACK",
    "CANCEL",
    "CHANGE",
    "DEFAULT_NAME",
    "ENOUGH",
    "FEATURES",
    "MOST_QUESTIONS",
    "NAME",
    "SKIP",
    "SUMMARY",
    "WHOLE",
    "Asker",
    "Draft",
    "Prompt",
    "Reply",
    "Several",
    "Stop",
    "Stopped",
    "ask_for_advice",
    "interview",
    "next_question",
    "terminal",
    "why_stop",
]
