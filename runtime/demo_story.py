"""What the demo's people wrote this morning, and what to try."""

CHATTER = (
    ("sam", "sales", "Morning all. The tasting boxes for the fair are here."),
    ("jonas", "sales", "Great. I follow up with the two hotels today."),
    (
        "sam",
        "sales",
        "Ines at Pension Alma says: “Since your tea, guests praise breakfast in reviews.”",
    ),
    ("priya", "general", "The new blend passed its last test. Photos follow."),
)
"""What people wrote this morning: who, where, what."""

GUIDE = {
    "Hand in a testimonial": (
        "You are Sam from sales. In #sales type /social-testimonial and what a customer said, "
        "press Enter, name the customer, and choose Hand in."
    ),
    "Ask back on the card": (
        "Become Mia, the advocacy lead (top right), open #advocacy-desk, and choose Ask back in "
        "the card's menu."
    ),
    "Answer in your messages": (
        "Become Sam again, open Messages under Social Desk, and answer in the thread. The due "
        "time stood still meanwhile."
    ),
    "Accept, record the consent, publish": (
        "As Mia: Accept, then Record consent (nothing is published without it), then Published, "
        "with a link. Sam hears each step in that one thread."
    ),
    "Go on holiday": (
        "Become Noah, the content lead, open Home under Social Desk, and say that you are away, "
        "with Lea as your deputy: what waits for you waits for her."
    ),
    "Look at the goals": (
        "Become Lea, the social lead, type /social goals in any channel, and enter how many "
        "sign-ups there are now."
    ),
    "Read Monday's digest": (
        "Become Elena, the chief executive, open #leadership and press Jump to Monday 09:00. "
        "As PDF, below its thread, sends you all of it as a file."
    ),
}
"""What to try, in order."""
