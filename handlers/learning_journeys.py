"""All that is about learning, as one journey: its listeners, and its words of the main command."""

from handlers.experiments import ExperimentListeners
from handlers.insights import InsightAnswers
from handlers.learning import LearningListeners
from handlers.listeners import Listeners
from handlers.pulse import PulseListeners
from handlers.services import Services
from handlers.social import Word


class LearningJourneys:
    """Experiments, stories, lessons, the pulse, and what the desk's records teach."""

    def __init__(self, services: Services) -> None:
        self._experiments = ExperimentListeners(services)
        self._learning = LearningListeners(services)
        self._pulse = PulseListeners(services)
        self._insights = InsightAnswers(services)
        self.stories = self._learning.stories

    def table(self) -> Listeners:
        """What these journeys listen to."""
        return self._experiments.table() | self._learning.table() | self._pulse.table()

    def words(self) -> dict[str, Word]:
        """What each word behind the main command shows."""
        return {
            "stories": self.stories,
            "lessons": self._learning.lessons,
            "lesson": self._learning.open_lesson,
            "experiments": self._experiments.show,
            "experiment": self._experiments.open_new,
            "pulse": self._pulse.show,
            "content": self._insights.content,
            "stages": self._insights.stages,
            "exchange": self._insights.exchange,
            "checkup": self._insights.checkup,
        }
