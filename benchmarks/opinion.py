"""A made-up court opinion in English for eyecite, which reads US citations: no case, court or person in it is real.

The same on every machine: sentences and citations are dealt out by counting, nothing is drawn by lot. The mix of
full and short citations is such that eyecite reads it about as fast as a real opinion of this length (1.1 MB/s);
with more full citations, or with lower courts, it takes two to four times as long.
"""

from __future__ import annotations

_REPORTERS = ("U.S.", "U.S.", "F.3d", "U.S.", "U.S.", "S. Ct.", "U.S.", "U.S.")
_COURTS = ("", "", "9th Cir. ", "", "", "", "", "")
"""As in opinions of the highest court, most citations name no court: eyecite takes far longer where they do."""
_PARTIES = (
    "Alderwick", "Bramhall", "Corrowen", "Dunmarsh", "Ellingfold", "Farrowby", "Glenhazel", "Harkstone", "Inverlock",
    "Jessamyn", "Kestrelton", "Larchmere", "Mossgrave", "Northwell", "Oakenby", "Pellbridge", "Quarrymoor",
)  # fmt: skip
_SENTENCES = (
    "The parties agree on the dates of the three notices and on little else.",
    "Whether the bridge was closed before the storm or only after it, as the county says, cannot be told from the log.",
    "A rule that turns on the hour at which a clerk happened to open a letter would serve neither side of this docket.",
    "We take the findings of the trial judge as they stand, for nobody has shown that any of them is clearly wrong.",
    "The statute speaks of “a reasonable time” and leaves the length of that time to the circumstances of each case.",
    "Nothing in the record suggests that the surveyor measured it more than once – and counsel conceded as much.",
    "That the ferry company kept no copy of its own tariff is a fact which it must now bear.",
    "The dissent below would have read the clause as a penalty; we read it as the price of a promise.",
    "It is true that the letter was never signed, but both sides acted upon it for eleven months.",
    "On the second question the answer is shorter, since the objection was not raised until the evidence had closed.",
)
LENGTH = 87_000
"""Characters, much as one real opinion with 170 citations has."""


def make_opinion() -> str:
    """Return the opinion: :data:`LENGTH` characters or few more, two citations a paragraph, a quarter of them full."""
    paragraphs: list[str] = []
    length = 0
    while length < LENGTH:
        n = len(paragraphs)
        plain = [_SENTENCES[(n * 7 + k * 3 + n // 10) % len(_SENTENCES)] for k in range(8)]
        one, other = _citing(n)
        paragraphs.append(" ".join((*plain[:3], one, *plain[3:6], other, *plain[6:])))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)


def _citing(n: int) -> tuple[str, str]:
    """Two sentences of paragraph ``n``: in every other paragraph a full citation, else ways to come back to one."""
    k = n // 2
    one, other = _PARTIES[k % 17], _PARTIES[(k * 5 + 3) % 17]
    reporter, court = _REPORTERS[k % 8], _COURTS[k % 8]
    volume, page = 100 + k * 13 % 400, 1 + k * 37 % 900
    full = f"{one} v. {other}, {volume} {reporter} {page}, {page + 4} ({court}{1960 + k % 60})"
    first = (
        f"So the rule was stated in {full}, and it has been followed since.",
        f"See {full}.",
        f"“No one may profit by his own delay.” {full}.",
        f"But see {full} (holding that a late notice is a notice).",
    )
    again = (
        f"Id. at {page + 5}.",
        f"The court in {one}, supra, at {page + 6}, went no further.",
        f"Compare {other}, {volume} {reporter}, at {page + 7}.",
        f"So does 42 U.S.C. § {1980 + k % 9}.",
    )
    return (again[k % 4] if n % 2 else first[k % 4]), again[(k + n % 2 + 1) % 4]
