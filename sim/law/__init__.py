"""What the instruments allow: pure functions of facts, every answer carrying its citation.

No clock, no chance, and no instrument known by name: all rules come from the instrument files.
"""

from sim.law.answers import Facts, channels, deadline_for, languages, refusal_grounds
from sim.law.bases import LegalBasis, comes_before, legal_bases
from sim.law.changes import Change
from sim.law.channel_rules import ChannelAnswer
from sim.law.contents import Completeness, ContentItem, Gap, completeness
from sim.law.data_transfers import DataTransfer, transfers_between
from sim.law.explanation import Explanation, explain
from sim.law.language_rules import LanguageAnswer
from sim.law.letter import LetterAssessment, assess_letter, bases_of
from sim.law.obligations import Duty, Permission, allows
from sim.law.offence_elements import ElementsTest, elements
from sim.law.provisions_by_role import ProvisionAnswer, by_law_of, provision_for, provision_of
from sim.law.question import Question
from sim.law.reason import Reason
from sim.law.refusal import GROUNDS, RefusalGround
from sim.law.roles import ROLES, roles_of
from sim.law.sources import article_of, provision, provisions
from sim.law.time_limits import Deadline, Postponement
from sim.law.why_not import why_not

__all__ = [
    "GROUNDS",
    "ROLES",
    "Change",
    "ChannelAnswer",
    "Completeness",
    "ContentItem",
    "DataTransfer",
    "Deadline",
    "Duty",
    "ElementsTest",
    "Explanation",
    "Facts",
    "Gap",
    "LanguageAnswer",
    "LegalBasis",
    "LetterAssessment",
    "Permission",
    "Postponement",
    "ProvisionAnswer",
    "Question",
    "Reason",
    "RefusalGround",
    "allows",
    "article_of",
    "assess_letter",
    "bases_of",
    "by_law_of",
    "channels",
    "comes_before",
    "completeness",
    "deadline_for",
    "elements",
    "explain",
    "languages",
    "legal_bases",
    "provision",
    "provision_for",
    "provision_of",
    "provisions",
    "refusal_grounds",
    "roles_of",
    "transfers_between",
    "why_not",
]
