"""Who asks, where a test asks for exact numbers; without a reader a question is everybody's."""

from queries import access

STAFF = access.at_this_machine("school")
# Students are listed in the names view alone.
ALL_NAMES = access.at_this_machine("names")
