"""Offences by id, with their words: the one table that lists of offences are held against.

The categories of the Union's instruments on mutual recognition (Framework Decision 2002/584/JHA art. 2(2), Directive
2014/41/EU Annex D, Regulation (EU) 2018/1805 art. 3(1), Regulation (EU) 2023/1543 Annex IV) each have an id, so that a
list can be given in full.
"""

from __future__ import annotations

from sim.i18n import marked

OFFENCES: dict[str, str] = {
    "trafficking-in-persons": marked("trafficking in persons"),
    "participation-in-organised-group": marked("participation in organised group"),
    "money-laundering": marked("money laundering"),
    "corruption": marked("corruption"),
    "obstruction-of-justice": marked("obstruction of justice"),
    "smuggling-of-migrants": marked("smuggling of migrants"),
    "facilitation-of-unauthorised-entry": marked("facilitation of unauthorised entry"),
    "forced-labour": marked("forced labour"),
    "exploitation-of-prostitution": marked("exploitation of prostitution"),
    "document-forgery": marked("document forgery"),
    "forced-begging": marked("forced begging"),
    "theft": marked("theft"),
    "computer-crime": marked("computer crime"),
    "child-sexual-abuse-material": marked("child sexual abuse material"),
    "sexual-exploitation-of-children": marked("sexual exploitation of children"),
    "fraud": marked("fraud"),
    "terrorism": marked("terrorism"),
    "drug-trafficking": marked("drug trafficking"),
    "weapons-trafficking": marked("weapons trafficking"),
    "counterfeiting-currency": marked("counterfeiting currency"),
    "environmental-crime": marked("environmental crime"),
    "murder": marked("murder"),
    "organ-trafficking": marked("organ trafficking"),
    "kidnapping": marked("kidnapping"),
    "racism-and-xenophobia": marked("racism and xenophobia"),
    "organised-robbery": marked("organised robbery"),
    "trafficking-in-cultural-goods": marked("trafficking in cultural goods"),
    "swindling": marked("swindling"),
    "extortion": marked("extortion"),
    "counterfeiting-of-products": marked("counterfeiting of products"),
    "forgery-of-means-of-payment": marked("forgery of means of payment"),
    "trafficking-in-hormonal-substances": marked("trafficking in hormonal substances"),
    "trafficking-in-nuclear-materials": marked("trafficking in nuclear materials"),
    "trafficking-in-stolen-vehicles": marked("trafficking in stolen vehicles"),
    "rape": marked("rape"),
    "arson": marked("arson"),
    "international-crimes": marked("crimes of the International Criminal Court"),
    "unlawful-seizure-of-aircraft-or-ships": marked("unlawful seizure of aircraft or ships"),
    "sabotage": marked("sabotage"),
}
"""Offences that the shipped instruments and profiles name."""

PUNISHED_EVERYWHERE: frozenset[str] = frozenset(
    {
        "murder",
        "rape",
        "kidnapping",
        "arson",
        "extortion",
        "theft",
        "organised-robbery",
        "drug-trafficking",
        "weapons-trafficking",
        "terrorism",
        "counterfeiting-currency",
        "unlawful-seizure-of-aircraft-or-ships",
        "trafficking-in-nuclear-materials",
        "trafficking-in-stolen-vehicles",
    }
)
"""What every State punishes that does not say otherwise, so that no profile need name it. Assumption: crimes of any
criminal code, and those that conventions with nearly every State as a party have made crimes (1929 on currency, 1970 on
aircraft, 1980 on nuclear material, 1988 on drugs, 1999 on the financing of terrorism)."""

CATEGORIES: dict[str, str] = {
    "participation-in-organised-group": marked("participation in a criminal organisation"),
    "terrorism": marked("terrorism"),
    "trafficking-in-persons": marked("trafficking in human beings"),
    "sexual-exploitation-of-children": marked("sexual exploitation of children and child pornography"),
    "child-sexual-abuse-material": marked("sexual exploitation of children and child pornography"),
    "drug-trafficking": marked("illicit trafficking in narcotic drugs and psychotropic substances"),
    "weapons-trafficking": marked("illicit trafficking in weapons, munitions and explosives"),
    "corruption": marked("corruption"),
    "fraud": marked("fraud"),
    "money-laundering": marked("laundering of the proceeds of crime"),
    "counterfeiting-currency": marked("counterfeiting currency, including the euro"),
    "computer-crime": marked("computer-related crime"),
    "environmental-crime": marked(
        "environmental crime, including illicit trafficking in endangered animal species and in endangered plant "
        "species and varieties"
    ),
    "facilitation-of-unauthorised-entry": marked("facilitation of unauthorised entry and residence"),
    "murder": marked("murder or grievous bodily injury"),
    "organ-trafficking": marked("illicit trade in human organs and tissue"),
    "kidnapping": marked("kidnapping, illegal restraint or hostage-taking"),
    "racism-and-xenophobia": marked("racism and xenophobia"),
    "organised-robbery": marked("organised or armed robbery"),
    "trafficking-in-cultural-goods": marked(
        "illicit trafficking in cultural goods, including antiques and works of art"
    ),
    "swindling": marked("swindling"),
    "extortion": marked("racketeering and extortion"),
    "counterfeiting-of-products": marked("counterfeiting and piracy of products"),
    "document-forgery": marked("forgery of administrative documents and trafficking therein"),
    "forgery-of-means-of-payment": marked("forgery of means of payment"),
    "trafficking-in-hormonal-substances": marked(
        "illicit trafficking in hormonal substances and other growth promoters"
    ),
    "trafficking-in-nuclear-materials": marked("illicit trafficking in nuclear or radioactive materials"),
    "trafficking-in-stolen-vehicles": marked("trafficking in stolen vehicles"),
    "rape": marked("rape"),
    "arson": marked("arson"),
    "international-crimes": marked("crimes within the jurisdiction of the International Criminal Court"),
    "unlawful-seizure-of-aircraft-or-ships": marked("unlawful seizure of aircraft or ships"),
    "sabotage": marked("sabotage"),
}
"""The categories of the Union's lists, in their words and order (Regulation (EU) 2018/1805 art. 3(1); Regulation (EU)
2023/1543 Annex IV); two ids may be one category."""
