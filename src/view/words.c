/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words.h"

#include <stdio.h>
#include <string.h>

#include "base/msg.h"
#include "base/text.h"

const char *words_outcome(enum outcome o)
{
	static const char *const words[] = { [OUTCOME_APPROVE] = N_("approve"),
		[OUTCOME_CORRECT] = N_("correct"), [OUTCOME_REJECT] = N_("reject"),
		[OUTCOME_RETURN] = N_("return"), [OUTCOME_ESCALATE] = N_("escalate") };

	return _(words[o]);
}

const char *words_outcome_done(enum outcome o)
{
	static const char *const words[] = { [OUTCOME_APPROVE] = N_("approved"),
		[OUTCOME_CORRECT] = N_("corrected"), [OUTCOME_REJECT] = N_("rejected"),
		[OUTCOME_RETURN] = N_("returned"), [OUTCOME_ESCALATE] = N_("escalated") };

	return _(words[o]);
}

const char *words_disposition_done(enum disposition d)
{
	static const char *const words[] = { [DISPOSITION_SKIP] = N_("skipped"),
		[DISPOSITION_DEFER] = N_("deferred"),
		[DISPOSITION_NOT_FOR_ME] = N_("not for me") };

	return _(words[d]);
}

const char *words_stage(enum stage s)
{
	static const char *const words[] = { [STAGE_FIRST] = N_("first check"),
		[STAGE_SECOND] = N_("second check"), [STAGE_ESCALATION] = N_("escalation"),
		[STAGE_SAMPLE] = N_("sample"), [STAGE_CONTEST] = N_("contest") };

	return _(words[s]);
}

const char *words_class(enum safety_class c)
{
	static const char *const words[] = {
		[CLASS_INFORMATIONAL] = N_("informational · nobody has to decide"),
		[CLASS_ASSISTIVE] = N_("assistive · one person decides"),
		[CLASS_BOUNDED] = N_("bounded · one person decides"),
		[CLASS_HIGH_IMPACT] = N_("high impact · two people decide") };

	return _(words[c]);
}

const char *words_class_brief(enum safety_class c)
{
	static const char *const words[] = { [CLASS_INFORMATIONAL] = N_("informational"),
		[CLASS_ASSISTIVE] = N_("assistive"), [CLASS_BOUNDED] = N_("bounded"),
		[CLASS_HIGH_IMPACT] = N_("high impact") };

	return _(words[c]);
}

const char *words_reversibility(enum reversibility r)
{
	static const char *const words[] = { [REVERSIBLE_UNKNOWN] = NULL,
		[REVERSIBLE_FULL] = N_("reversible"),
		[REVERSIBLE_PARTIAL] = N_("partly reversible"),
		[REVERSIBLE_NONE] = N_("cannot be undone once carried out") };

	return words[r] ? _(words[r]) : NULL;
}

const char *words_reversibility_brief(enum reversibility r)
{
	static const char *const words[] = { [REVERSIBLE_UNKNOWN] = NULL,
		[REVERSIBLE_FULL] = N_("reversible"), [REVERSIBLE_PARTIAL] = N_("partly reversible"),
		[REVERSIBLE_NONE] = N_("IRREVERSIBLE") };

	return words[r] ? _(words[r]) : NULL;
}

const char *words_check(enum check_result r)
{
	static const char *const words[] = { [CHECK_PASS] = N_("passed"),
		[CHECK_FAIL] = N_("failed"), [CHECK_NOT_RUN] = N_("not run") };

	return _(words[r]);
}

const char *words_check_mark(enum check_result r)
{
	static const char *const marks[] = { [CHECK_PASS] = "✓", [CHECK_FAIL] = "✗",
		[CHECK_NOT_RUN] = "?" };

	return marks[r];
}

const char *words_store_state(enum store_state s)
{
	static const char *const words[] = { [STORE_HELD] = N_("held"),
		[STORE_WAITING] = N_("waiting"), [STORE_RECEIVED] = N_("received"),
		[STORE_IN_LOG] = N_("in the log"), [STORE_REFUSED] = N_("refused") };

	return _(words[s]);
}

const char *words_verdict(enum verdict v)
{
	static const char *const words[] = { [VERDICT_NONE] = "",
		[VERDICT_ACCEPTED] = N_("accepted"),
		[VERDICT_REFUSED_AUTHZ] = N_("refused: you may not decide this"),
		[VERDICT_INVALID] = N_("refused: the answer breaks a rule of the queue"),
		[VERDICT_STALE] = N_("refused: the item had changed"),
		[VERDICT_TOO_LATE] = N_("refused: too late for a change"),
		[VERDICT_LATE_OPINION] = N_("kept as a late opinion: somebody else decided"),
		[VERDICT_REFUSED_POLICY] = N_("refused: the rules do not allow this outcome"),
		[VERDICT_ID_REUSED] = N_("refused: this id is known with another answer"),
		[VERDICT_DEVICE_FORKED] = N_("sent again under a new device") };

	return *words[v] ? _(words[v]) : "";
}

const char *words_link(enum facts_link link)
{
	static const char *const words[] = { [FACTS_UNTRIED] = N_("connecting"),
		[FACTS_ONLINE] = N_("online"), [FACTS_OFFLINE] = N_("offline"),
		[FACTS_REFUSED] = N_("server refuses"), [FACTS_ALARM] = N_("LOG ALARM") };

	return _(words[link]);
}

const char *words_link_mark(enum facts_link link)
{
	static const char *const marks[] = { [FACTS_UNTRIED] = "○", [FACTS_ONLINE] = "●",
		[FACTS_OFFLINE] = "○", [FACTS_REFUSED] = "!", [FACTS_ALARM] = "!!" };

	return marks[link];
}

const char *words_state(const char *state)
{
	static const struct { const char *name, *words; } states[] = {
		{ "waiting", N_("open") }, { "reserved", N_("open, reserved by somebody") },
		{ "second_wanted", N_("open, one of two has decided") },
		{ "escalated", N_("escalated") }, { "suspended", N_("suspended") },
		{ "held", N_("decided, kept back") }, { "approved", N_("approved") },
		{ "corrected", N_("corrected") }, { "rejected", N_("rejected") },
		{ "returned", N_("returned") }, { "auto_accepted", N_("accepted automatically") },
		{ "expired", N_("expired without an answer") },
		{ "withdrawn", N_("withdrawn by the producer") },
	};

	for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i].name, state) == 0)
			return _(states[i].words);
	return state ? state : _("state not supplied");
}

const char *words_hidden(unsigned found, char *buf, size_t size)
{
	static const char *const words[TEXT_KINDS] = { N_("control characters"),
		N_("direction overrides"), N_("zero-width characters"), N_("tag characters"),
		N_("variation selectors"), N_("invisible characters"), N_("line separators"),
		N_("private characters"), N_("unassigned characters"),
		N_("bytes that are no text"), N_("stray marks"), N_("mixed alphabets") };
	size_t at = 0;

	buf[0] = '\0';
	for (int i = 0; i < TEXT_KINDS; i++)
		if (found & 1u << i && at < size)
			at += (size_t)snprintf(buf + at, size - at, "%s%s", at ? ", " : "",
			                       _(words[i]));
	return buf;
}
