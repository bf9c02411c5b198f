"""Which test kills a process at which crash point; a point that is not here, or that none hits, fails the run."""

LIFE = ("e2e/test_crashes.py", "test_a_life_goes_on_whichever_step_is_killed")
DELIVERY = ("e2e/test_delivery_faults.py", "test_three_workers_die_over_one_event_and_the_fourth_delivers_it")
FENCE = ("e2e/test_fences_process.py", "test_a_sweep_that_dies_midway_is_done_once_by_two_others")
DESTRUCTION = ("api/test_destructions.py", "test_killed_at_any_point_it_is_whole_or_gone_and_goes_on")

SCENES: dict[str, tuple[str, str]] = {
    "answer.before_commit": LIFE,
    "answer.after_commit": LIFE,
    "check.after_commit": LIFE,
    "code.after_count": LIFE,
    "decision.before_commit": LIFE,
    "deliver.after_2xx": DELIVERY,
    "deliver.after_claim": DELIVERY,
    "destroy.after_commit": DESTRUCTION,
    "destroy.before_commit": DESTRUCTION,
    "destroy.before_ledger": DESTRUCTION,
    "fence.before_commit": FENCE,
    "hold.before_commit": LIFE,
    "identity.after_lookup": LIFE,
    "message.after_carrier": LIFE,
    "message.after_take": LIFE,
    "notice.before_commit": LIFE,
    "package.before_commit": LIFE,
    "rotate.before_commit": LIFE,
    "signing_key.before_commit": LIFE,
    "upload.after_store": LIFE,
}
"""The name of each point in app/, the file under tests/ and the test in it."""
