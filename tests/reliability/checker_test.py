#!/usr/bin/env python3
"""The checker against small histories, each with one fault planted, and one without any."""

import copy
import json
import tempfile
import unittest

import checker
import judge
import streams

START = "2027-01-01T00:00:00.000Z"


def entry(sequence, token, to, event="run", **more):
    is_timer = event.startswith("after.")
    return {"sequence": sequence, "at": START, "event": event, "to": [to],
            "actor": {"id": "system" if is_timer else "acc_1"},
            "data": {} if is_timer else {"token": token},
            "previous_hash": f"h{sequence - 1}", "hash": f"h{sequence}", "effects": [], **more}


def call(key, invoke, done, seq, to, **more):
    return {"client": 0, "op": "event", "tenant": "clu_1", "instance": "ins_1", "key": key,
            "invoke_ns": invoke, "return_ns": done, "outcome": "ok", "replayed": False,
            "status": 200, "seq": seq, "to": [to], **more}


def read(invoke, done, seq, to):
    return call(None, invoke, done, seq, to, op="read")


def sound():
    """Two events, their timer, two reads, a repeat, a refusal, an unknown call; nothing wrong."""
    timer = {"kind": "start_timer", "id": 1, "event": "after.running.PT0.4S", "due": START}
    log = {"ins_1": {"instance": "ins_1", "sequence": 5, "states": ["ready"], "entries": [
        entry(1, "world-1", "ready", event="$start"),
        entry(2, "a", "running", effects=[
            timer, {"kind": "emit", "type": "relay.run", "data": {"token": "a"}}]),
        entry(3, None, "tired", event="after.running.PT0.4S"),
        entry(4, "b", "running", event="resume"),
        entry(5, "c", "ready", event="stop"),
    ]}}
    calls = [
        call("a", 10, 20, 2, "running"),
        call("a", 30, 40, 2, "running", replayed=True),
        read(25, 28, 2, "running"),
        call("b", 50, 60, 4, "running"),
        {**call("c", 65, None, None, None), "outcome": "unknown", "status": 503},
        {**call("d", 66, 68, None, None), "outcome": "no", "status": 409,
         "code": "/problems/state"},
        {**read(70, 80, None, None), "op": "list", "items": [["ins_1", 5, ["ready"]]]},
    ]
    return calls, log


class Planted(unittest.TestCase):
    """Each test plants one fault and asks for exactly the check that has to see it."""

    def setUp(self):
        self.calls, self.log = copy.deepcopy(sound())
        self.entries = self.log["ins_1"]["entries"]

    def found(self, ended_at=None):
        return checker.check(self.calls, self.log, ended_at)

    def expect(self, word, ended_at=None):
        found = self.found(ended_at)
        self.assertTrue(any(line.startswith(word) for line in found), found)

    def test_a_sound_history_is_found_sound(self):
        self.assertEqual(self.found(), [])

    def test_an_ack_whose_entry_is_missing_is_lost(self):
        del self.entries[4]
        self.calls[4].update(outcome="ok", seq=5, to=["ready"], return_ns=69, status=200)
        self.expect("C1 lost")

    def test_an_ack_whose_place_another_key_has_is_lost(self):
        self.entries[1]["data"]["token"] = "c"
        self.entries[4]["data"]["token"] = "a"
        self.expect("C1 lost")

    def test_an_ack_that_told_another_state_than_the_log_has_is_found(self):
        self.calls[0]["to"] = ["tired"]
        self.expect("C1 told otherwise")

    def test_a_key_with_two_entries_is_found(self):
        self.entries[4]["data"]["token"] = "b"
        self.expect("C2 twice")

    def test_a_key_with_an_entry_in_two_instances_is_found(self):
        self.log["ins_2"] = {"instance": "ins_2", "sequence": 1, "states": ["ready"],
                             "entries": [entry(1, "a", "ready", event="$start")]}
        self.expect("C2 twice")

    def test_a_gap_in_the_sequences_is_found(self):
        for one in self.entries[2:]:
            one["sequence"] += 1
        self.expect("C2 gap")

    def test_two_entries_of_one_sequence_are_found(self):
        self.entries[3]["sequence"] = 3
        self.expect("C2 gap")

    def test_a_log_that_ends_before_the_instance_is_found(self):
        del self.entries[4]
        self.expect("C2 cut")

    def test_a_repeat_with_another_sequence_is_found(self):
        self.calls[1]["seq"] = 4
        self.expect("C2 answers")

    def test_a_repeat_that_is_refused_after_it_was_acknowledged_is_found(self):
        self.calls[1].update(outcome="no", status=409, code="/problems/state", seq=None)
        self.expect("C2 answers")

    def test_a_repeat_that_does_not_say_so_is_found(self):
        self.calls[1]["replayed"] = False
        self.expect("C2 answers")

    def test_a_repeat_while_the_first_runs_may_be_refused(self):
        self.calls[1].update(outcome="no", status=409, code="/problems/in-progress", seq=None)
        self.assertEqual(self.found(), [])

    def test_an_entry_that_nobody_sent_is_a_ghost(self):
        self.entries[4]["data"]["token"] = "x"
        self.expect("C3 ghost")

    def test_an_entry_without_a_token_that_is_no_timer_is_a_ghost(self):
        self.entries[4]["data"] = {}
        self.expect("C3 ghost")

    def test_an_entry_whose_call_was_refused_is_a_ghost(self):
        self.entries[4]["data"]["token"] = "d"
        self.expect("C3 ghost")

    def test_an_entry_in_another_instance_than_it_was_sent_to_is_a_ghost(self):
        self.calls[4]["instance"] = "ins_2"
        self.expect("C3 ghost")

    def test_an_order_against_real_time_is_found(self):
        self.calls[0].update(invoke_ns=62, return_ns=64)
        self.calls[1].update(invoke_ns=90, return_ns=92)
        self.calls[2].update(invoke_ns=90, return_ns=92)
        self.expect("C4 order")

    def test_an_unknown_call_that_took_effect_too_early_is_found(self):
        self.entries[3]["data"]["token"], self.entries[4]["data"]["token"] = "c", "b"
        self.calls[3].update(seq=5, to=["ready"])
        self.expect("C4 order")

    def test_calls_at_the_same_time_may_take_effect_in_any_order(self):
        self.calls[4]["invoke_ns"] = 5
        self.entries[3]["data"]["token"], self.entries[4]["data"]["token"] = "c", "b"
        self.calls[3].update(seq=5, to=["ready"])
        self.assertEqual(self.found(), [])

    def test_a_read_older_than_an_ack_before_it_is_stale(self):
        self.calls[2].update(invoke_ns=61, return_ns=64)
        self.expect("C6 stale")

    def test_a_read_older_than_an_earlier_read_is_stale(self):
        self.calls.append(read(90, 95, 4, "running"))
        self.expect("C6 stale")

    def test_a_list_older_than_an_ack_before_it_is_stale(self):
        self.calls[6]["items"] = [["ins_1", 3, ["tired"]]]
        self.expect("C6 stale")

    def test_a_read_of_what_the_log_never_had_is_unreal(self):
        self.calls.append(read(90, 95, 6, "ready"))
        self.expect("C6 unreal")

    def test_a_read_of_another_state_than_the_log_has_is_unreal(self):
        self.calls[2]["to"] = ["tired"]
        self.expect("C6 unreal")

    def test_a_read_before_the_event_was_sent_is_unreal(self):
        self.calls[2].update(invoke_ns=1, return_ns=2)
        self.expect("C6 unreal")

    def test_a_timer_that_fires_twice_is_found(self):
        self.entries[4] = entry(5, None, "tired", event="after.running.PT0.4S")
        self.expect("C9 twice")

    def test_a_timer_that_was_cancelled_must_not_fire(self):
        self.entries[1]["effects"].append({"kind": "cancel_timer", "id": 1})
        self.expect("C9 twice")

    def test_a_timer_that_fires_early_is_found(self):
        self.entries[1]["effects"][0]["due"] = "2027-01-01T00:00:01.000Z"
        self.expect("C9 early")

    def test_a_timer_that_is_seen_before_it_is_due_is_found(self):
        due = round(checker.seconds_of(START) * 1e9)
        second = 1_000_000_000
        seen = read(due - 2 * second, due - second, 3, "tired")
        found = list(checker.early_timers([seen], self.log, epoch_ns=0))
        self.assertEqual([line[:8] for line in found], ["C9 early"])
        self.assertEqual(list(checker.early_timers([seen], self.log, epoch_ns=second)), [])

    def test_a_timer_that_never_fires_is_found(self):
        late = {"kind": "start_timer", "id": 2, "event": "after.tired.PT0.7S", "due": START}
        self.entries[2]["effects"].append(late)
        due = checker.seconds_of(START)
        self.assertEqual(self.found(ended_at=due + checker.TIMER_GRACE_SECONDS), [])
        self.expect("C9 never", ended_at=due + checker.TIMER_GRACE_SECONDS + 1)

    def test_an_entry_that_names_another_before_it_breaks_the_chain(self):
        self.entries[3]["previous_hash"] = "h2"
        self.expect("C10 chain")

    def test_an_emitted_event_that_is_missing_or_another_is_found(self):
        emitted = self.entries[1]["effects"][1]
        for effects in ([], [emitted, emitted], [{**emitted, "data": {"token": "b"}}]):
            with self.subTest(effects=effects):
                self.entries[1]["effects"] = [self.entries[1]["effects"][0], *effects]
                self.expect("C7 effects")

    def test_an_event_that_nothing_emits_is_found(self):
        self.entries[4]["effects"].append({"kind": "emit", "data": {"token": "c"}})
        self.expect("C7 effects")


class Fold(unittest.TestCase):
    """C5: XState folds the log of a real run, and one with a wrong state in it."""

    def setUp(self):
        if judge.xstate_folder() is None:
            self.skipTest("XState cannot be fetched")

    def fold(self, *steps):
        entries = [{"sequence": n, "event": event, "data": {"token": "x"}, "to": [*to]}
                   for n, (event, *to) in enumerate(steps, 1)]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as log:
            json.dump({"instance": "ins_1", "entries": entries}, log)
            log.flush()
            return judge.fold(log.name)

    def test_a_right_log_is_folded_without_a_word(self):
        self.assertEqual(self.fold(
            ("$start", "ready"), ("run", "running.slow"), ("faster", "running.fast"),
            ("after.running.PT0.4S", "tired"), ("resume", "running.fast"), ("stop", "ready"),
            ("split", "split.left.open", "split.right.open"),
            ("left.close", "split.left.closed", "split.right.open"), ("right.close", "ready")), [])

    def test_a_wrong_transition_is_found(self):
        found = self.fold(("$start", "ready"), ("run", "running.slow"), ("stop", "tired"))
        self.assertEqual([line[:13] for line in found], ["C5 transition"])

    def test_a_transition_that_no_chart_has_is_found(self):
        found = self.fold(("$start", "ready"), ("stop", "tired"))
        self.assertEqual([line[:13] for line in found], ["C5 transition"])


class Validity(unittest.TestCase):
    def test_a_run_of_many_successes_is_valid(self):
        calls = [call(str(n), n * 50_000_000, n * 50_000_000 + 1, n, "x") for n in range(100)]
        self.assertIsNone(checker.validity(calls))

    def test_a_run_of_few_successes_a_minute_is_invalid(self):
        calls = [call(str(n), n * 70_000_000, n * 70_000_000 + 1, n, "x") for n in range(100)]
        self.assertIn("a minute", checker.validity(calls))

    def test_a_run_without_success_is_invalid(self):
        self.assertIn("nothing", checker.validity([]))

    def test_a_run_of_mostly_unknown_outcomes_is_invalid(self):
        unknown = {**call("b", 1, None, 2, "x"), "outcome": "unknown"}
        calls = [call("a", 1, 2, 1, "x"), unknown, unknown]
        self.assertIn("unknown", checker.validity(calls))


class Streams(unittest.TestCase):
    """C8, with one fault planted each."""

    LOG = {"ins_1": {"entries": [{"hash": "a"}, {"hash": "b"}]},
           "ins_2": {"entries": [{"hash": "c"}]}}

    @staticmethod
    def message(position, instance, sequence, digest):
        return position, {"instance": instance, "sequence": sequence, "hash": digest}

    def told(self, *messages, permitted=("ins_1", "ins_2")):
        told = [self.message(*message) for message in messages]
        return [line.split(":")[0] for line in streams.check("s", told, self.LOG, set(permitted))]

    def test_the_log_itself_breaks_nothing(self):
        self.assertEqual(
            self.told((1, "ins_1", 1, "a"), (2, "ins_2", 1, "c"), (7, "ins_1", 2, "b")), [])

    def test_a_gap_is_seen(self):
        self.assertIn("C8 gap or repeat",
                      self.told((2, "ins_2", 1, "c"), (7, "ins_1", 2, "b")))

    def test_a_repeat_is_seen(self):
        found = self.told((1, "ins_1", 1, "a"), (1, "ins_1", 1, "a"), (2, "ins_2", 1, "c"),
                          (7, "ins_1", 2, "b"))
        self.assertEqual(found, ["C8 disorder or repeat", "C8 gap or repeat"])

    def test_disorder_is_seen(self):
        self.assertEqual(
            self.told((1, "ins_1", 1, "a"), (7, "ins_1", 2, "b"), (2, "ins_2", 1, "c")),
            ["C8 disorder or repeat"])

    def test_what_was_never_written_is_seen(self):
        self.assertIn("C8 ghost",
                      self.told((1, "ins_1", 1, "a"), (2, "ins_2", 1, "x"), (7, "ins_1", 2, "b")))
        self.assertIn("C8 ghost", self.told((1, "ins_1", 1, "a"), (2, "ins_2", 1, "c"),
                                            (7, "ins_1", 2, "b"), (8, "ins_1", 3, "d")))

    def test_what_is_not_for_the_reader_is_seen(self):
        self.assertIn("C8 not for its reader",
                      self.told((1, "ins_1", 1, "a"), (2, "ins_2", 1, "c"), (7, "ins_1", 2, "b"),
                                permitted=["ins_1"]))

    def test_what_is_missing_at_the_end_is_seen(self):
        self.assertEqual(self.told((1, "ins_1", 1, "a"), (2, "ins_2", 1, "c")), ["C8 incomplete"])


if __name__ == "__main__":
    unittest.main()
