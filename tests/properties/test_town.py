"""All five services at once: random walks on which all invariants of rules 8.8 hold at every step."""

from __future__ import annotations

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule

from .actions import steps
from .town import Step
from .walk import Walk


class Society(RuleBasedStateMachine):
    """Users of all services do whatever they can think of while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.walk = Walk()

    @rule(step=steps)
    def somebody_does_something(self, step: Step) -> None:
        self.walk.take(step)

    def teardown(self) -> None:
        self.walk.end()


# A failing walk is not shortened here, which takes minutes: scripts/soak does that, within a limit.
Society.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=50,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
)
TestSociety = Society.TestCase
