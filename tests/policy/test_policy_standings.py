"""Policy files whose rules leave somebody without proof, without a decision, or without a day: each fault is told."""

from pathlib import Path

import pytest

from tests.policy.broken import TEXT, changed, flaws_of

RIGHTS = "rights: [access, correction, deletion, suspension, consent_withdrawal]"
PARENT = "{capacity: guardian, relationships: [parent],"
MANDATE = "  - capacity: delegate\n    relationships: []"
WAIT = f"  - {{{RIGHTS}, capacities: [self], reached: [other], days: 1}}"

ONE_PROBLEM = [
    # who shows what
    (
        "  - id: adoption_certificate\n",
        "  - id: basic_certificate\n",
        0,
        "documents[2].id: 'basic_certificate' stands twice",
    ),
    (
        "{id: parent_named, text: {ko: 요구한 사람이 부 또는",
        "{id: issuer_checked, text: {ko: 요구한 사람이 부 또는",
        1,
        "documents[1].checklist[1].id: 'issuer_checked' stands twice",
    ),
    (
        "  - id: identity_document\n",
        "  - id: some_document\n",
        "documents:\n  - id:",
        "documents: 'identity_document' is missing",
    ),
    (
        "relationships: [parent], documents: [basic_certificate, family_relation_certificate]",
        "relationships: [parent], documents: [basic_certificate, family_tree]",
        0,
        "proofs[0].documents[1]: 'family_tree' is not among the documents",
    ),
    (
        "relationships: [parent], documents: [basic_certificate, family_relation_certificate]",
        "relationships: [parent], documents: [basic_certificate, basic_certificate]",
        0,
        "proofs[0].documents[1]: 'basic_certificate' stands twice",
    ),
    (PARENT, PARENT.replace("[parent]", "[uncle]"), 0, "proofs[0].relationships[0]: Input should be 'parent'"),
    (PARENT, PARENT.replace("[parent]", "[uncle]"), "proofs:", "proofs: no document shows 'parent'"),
    (PARENT, PARENT.replace("[parent]", "[]"), 0, "proofs[0].relationships: is empty, but a guardian's papers"),
    (
        PARENT,
        PARENT.replace("[parent]", "[parent, adult_guardian]"),
        "[adult_guardian]",
        "proofs[3].relationships[0]: 'adult_guardian' stands twice",
    ),
    (PARENT, PARENT.replace("guardian,", "self,"), 0, "proofs[0].capacity: who asks for themselves shows no papers"),
    (MANDATE, MANDATE.replace("[]", "[parent]"), 1, "proofs[4].relationships: should be empty"),
    (MANDATE, MANDATE.replace("delegate", "self"), "proofs:", "proofs: no document shows 'delegate'"),
    (
        "refused_purposes: [marketing, personalisation]",
        "refused_purposes: [marketing, nagging]",
        0,
        "children.refused_purposes[1]: 'nagging' is not among the purposes",
    ),
    ("withheld_inputs: [address]", "withheld_inputs: [home]", 0, "children.withheld_inputs[0]: Input should be 'text'"),
    # what proves whom
    (
        "  - methods: [phone_code, site_login, identity_provider, attestation]\n",
        "  - methods: [phone_code, site_login, identity_provider, attestation, documents]\n",
        0,
        "assurance[0].methods[4]: papers identify a guardian, never the subject",
    ),
    (
        "    capacities: [guardian]\n    " + RIGHTS,
        "    capacities: [guardian]\n    rights: [access]",
        "assurance:",
        "assurance: no method proves identity for 'deletion' of guardian (Decree 46(1))",
    ),
    (
        "    capacities: [guardian]\n    " + RIGHTS,
        "    capacities: [uncle]\n    " + RIGHTS,
        0,
        "assurance[3].capacities[0]: Input should",
    ),
    # how long a release waits
    (WAIT, WAIT.replace("days: 1}", "days: 6}"), 0, "release_waits[3].days: Input should be less than or equal to 5"),
    (WAIT, WAIT.replace("[other]", "[others]"), 0, "release_waits[3].reached[0]: Input should be 'none'"),
    (
        WAIT,
        WAIT.replace("suspension, consent_withdrawal]", "suspension]"),
        "release_waits:",
        "release_waits: nothing says how long these wait for self: consent_withdrawal/other",
    ),
    (
        "  mandate_days: 180",
        "  mandate_days: 400",
        0,
        "settled.mandate_days: Input should be less than or equal to 366",
    ),
    (
        "  unconfirmed_days: 5",
        "  unconfirmed_days: 6",
        0,
        "settled.unconfirmed_days: Input should be less than or equal to 5",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "said"), ONE_PROBLEM)
def test_one_problem_is_told_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, at: int | str, said: str
) -> None:
    text, line = changed(old, new, at=at)
    flaws = flaws_of(tmp_path, text)
    assert [one for one in flaws if one.startswith(f"mine.yaml:{line}: {said}")], flaws


def test_a_right_that_nothing_proves(tmp_path: Path) -> None:
    text, line = changed(
        "  - methods: [phone_code, site_login, identity_provider, attestation]\n    " + RIGHTS,
        "  - methods: [phone_code, site_login, identity_provider, attestation]\n    rights: [access]",
        at="assurance:",
    )
    flaws = flaws_of(tmp_path, text)
    unproved = ("correction", "deletion", "consent_withdrawal")
    expected = [
        f"mine.yaml:{line}: assurance: no method proves identity for '{one}' of self, delegate (Decree 46(1))"
        for one in unproved
    ]
    assert flaws == sorted(expected, key=flaws.index)
    assert len(flaws) == 3


def test_people_known_by_mail_only_can_prove_by_mail(tmp_path: Path) -> None:
    after = "  - methods: [phone_code, email_code, site_login"
    last = TEXT[TEXT.index("  - methods: [email_code]\n    " + RIGHTS) : TEXT.index(after)]
    flaws = flaws_of(tmp_path, TEXT.replace(last, ""))
    assert len(flaws) == 3
    assert all("cannot be proved by e-mail, the only contact asked at collection" in one for one in flaws)
