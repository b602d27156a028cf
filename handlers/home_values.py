"""What rides on the Home tab's own buttons."""

from bot.material import HomePart
from handlers.carried import Carried, Count


class HomePageValue(Carried):
    """The value of a button that turns a list of the Home tab to the entry `offset`."""

    part: HomePart
    offset: Count
