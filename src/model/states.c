/* SPDX-License-Identifier: Apache-2.0 */
#include "model/states.h"

#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "gen/states.h"

/* Rows are read where they stand: the file is small, and a decision costs a
 * commit, so there is nothing worth keeping between calls. */
enum {
	CELL_STATE, CELL_STAGE, CELL_EVENT, CELL_WHEN, CELL_NEXT, CELL_NEXT_STAGE, CELL_ACT,
	CELLS
};

struct line {
	const char *cell[CELLS];
	size_t len[CELLS];
	int count;
};

static const char *const act_names[STATES_ACTS] = {
	[STATES_NONE] = "none",
	[STATES_REVIEW] = "review",
	[STATES_REVIEW_NAMED] = "review_named",
	[STATES_RESULT] = "result",
	[STATES_OVERTURNED] = "overturned",
	[STATES_CONFIRMED] = "confirmed",
	[STATES_UNCOUNTED] = "uncounted",
	[STATES_ROUTE] = "route",
	[STATES_REJUDGE] = "rejudge",
	[STATES_KEEP] = "keep",
	[STATES_RELEASE] = "release",
};

/* Words of the column `when`; a set of them is a mask of 1 << index. */
enum {
	FACT_HIGH, FACT_TWO, FACT_SAME, FACT_PEER, FACT_REVIEWER, FACT_SUPERVISOR,
	FACT_CHANGED, FACT_UNSURE, FACT_SUSPEND, FACT_CORRECTED,
	FACTS
};

static const char *const fact_names[FACTS] = {
	"high", "two", "same", "peer", "reviewer", "supervisor",
	"changed", "unsure", "suspend", "corrected",
};

static unsigned facts_of(const struct states_input *in)
{
	bool high = in->safety_class == CLASS_HIGH_IMPACT;

	return (unsigned)high << FACT_HIGH |
		(unsigned)(high || in->people >= 2) << FACT_TWO |
		(unsigned)in->same << FACT_SAME |
		(unsigned)in->peer << FACT_PEER |
		(unsigned)in->to_reviewer << FACT_REVIEWER |
		(unsigned)in->supervisor << FACT_SUPERVISOR |
		(unsigned)in->changed << FACT_CHANGED |
		(unsigned)in->unsure << FACT_UNSURE |
		(unsigned)in->suspend << FACT_SUSPEND |
		(unsigned)in->corrected << FACT_CORRECTED;
}

static bool word_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* Next word of a list separated by commas; false at its end. */
static bool next_word(const char **at, const char *end, const char **word, size_t *len)
{
	if (*at >= end)
		return false;
	*word = *at;
	while (*at < end && **at != ',')
		(*at)++;
	*len = (size_t)(*at - *word);
	if (*at < end)
		(*at)++;
	return true;
}

static bool list_has(const struct line *l, int cell, const char *word)
{
	const char *at = l->cell[cell], *end = at + l->len[cell], *w;
	size_t len;

	while (next_word(&at, end, &w, &len))
		if (word_is(w, len, word))
			return true;
	return false;
}

/* Masks of the facts that must hold and must not; false for an unknown word. */
static bool read_when(const struct line *l, unsigned *need, unsigned *forbid)
{
	const char *at = l->cell[CELL_WHEN], *end = at + l->len[CELL_WHEN], *w;
	size_t len;

	*need = *forbid = 0;
	if (word_is(at, l->len[CELL_WHEN], "-"))
		return true;
	while (next_word(&at, end, &w, &len)) {
		bool negated = len > 0 && *w == '!';
		int i = 0;

		while (i < FACTS && !word_is(w + negated, len - negated, fact_names[i]))
			i++;
		if (i == FACTS)
			return false;
		*(negated ? forbid : need) |= 1u << i;
	}
	return true;
}

/* Splits the next line that is neither empty nor a remark. */
static bool next_line(const char **at, struct line *l)
{
	const char *p = *at;

	while (*p == '#' || *p == '\n') {
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	if (!*p)
		return false;
	for (l->count = 0; l->count < CELLS; l->count++) {
		l->cell[l->count] = p;
		l->len[l->count] = strcspn(p, "\t\n");
		p += l->len[l->count];
		if (*p != '\t') {
			l->count++;
			break;
		}
		p++;
	}
	p += strcspn(p, "\n");
	*at = p + (*p == '\n');
	return true;
}

/* The two parts of the file are told apart by the number of cells. */
enum { STATE_CELLS = 3 };

static bool next_row(const char **at, struct line *l)
{
	while (next_line(at, l))
		if (l->count == CELLS)
			return true;
	return false;
}

static bool next_state(const char **at, struct line *l)
{
	while (next_line(at, l))
		if (l->count == STATE_CELLS && word_is(l->cell[0], l->len[0], "state"))
			return true;
	return false;
}

static void copy_cell(char *out, size_t size, const struct line *l, int cell)
{
	size_t len = l->len[cell] < size ? l->len[cell] : size - 1;

	memcpy(out, l->cell[cell], len);
	out[len] = '\0';
}

static int find_act(const struct line *l)
{
	for (int i = 0; i < STATES_ACTS; i++)
		if (word_is(l->cell[CELL_ACT], l->len[CELL_ACT], act_names[i]))
			return i;
	return -1;
}

static int broken(struct err *err, int row)
{
	struct err_numbuf n;

	return err_set(err, ERR_INTERNAL, N_("data/states.tsv: row %s is not understood"),
	               err_num(&n, row));
}

int states_next(const struct states_input *in, struct states_effect *out, struct err *err)
{
	const char *state = in->state ? in->state : "-";
	const char *stage = in->stage && *in->stage ? in->stage : "-";
	const char *at = states_file[0].text;
	unsigned facts = facts_of(in), need, forbid;
	struct line l;

	for (int row = 0; next_row(&at, &l); row++) {
		int act = find_act(&l);

		if (!list_has(&l, CELL_EVENT, in->event) || !list_has(&l, CELL_STATE, state) ||
		    !list_has(&l, CELL_STAGE, stage))
			continue;
		if (act < 0 || !read_when(&l, &need, &forbid))
			return broken(err, row);
		if ((facts & need) != need || (facts & forbid))
			continue;
		if (word_is(l.cell[CELL_NEXT], l.len[CELL_NEXT], "="))
			utf8_copy(out->state, sizeof out->state, state);
		else
			copy_cell(out->state, sizeof out->state, &l, CELL_NEXT);
		copy_cell(out->stage, sizeof out->stage, &l, CELL_NEXT_STAGE);
		if (strcmp(out->stage, "-") == 0)
			out->stage[0] = '\0';
		out->act = (enum states_act)act;
		out->row = row;
		return 0;
	}
	return err_set(err, ERR_CONFLICT, N_("“%s” cannot happen to a proposal that is %s (%s)"),
	               in->event, state, stage);
}

const char *states_name(size_t index)
{
	static const char *const names[] = {
		"waiting", "reserved", "second_wanted", "escalated", "suspended", "held",
		"approved", "corrected", "rejected", "returned", "auto_accepted", "expired",
		"withdrawn",
	};

	return index < sizeof names / sizeof *names ? names[index] : NULL;
}

static bool find_state(const char *name, struct line *l)
{
	const char *at = states_file[0].text;

	while (name && next_state(&at, l))
		if (word_is(l->cell[1], l->len[1], name))
			return true;
	return false;
}

bool states_known(const char *name)
{
	struct line l;

	return find_state(name, &l);
}

bool states_is_result(const char *name)
{
	struct line l;

	return find_state(name, &l) && word_is(l.cell[2], l.len[2], "result");
}

const char *states_route_event(const char *route)
{
	static const char *const events[] = {
		"route_auto_accept", "route_review", "route_two_person", "route_escalate",
		"route_refuse",
	};

	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (strcmp(events[i] + strlen("route_"), route) == 0)
			return events[i];
	return NULL;
}

const char *states_of_outcome(enum outcome o)
{
	switch (o) {
	case OUTCOME_APPROVE:
		return "approved";
	case OUTCOME_CORRECT:
		return "corrected";
	case OUTCOME_REJECT:
		return "rejected";
	case OUTCOME_RETURN:
		return "returned";
	case OUTCOME_ESCALATE:
		break;
	}
	return NULL;
}

bool states_row(size_t index, struct states_row *out)
{
	const char *at = states_file[0].text;
	struct line l;

	do {
		if (!next_row(&at, &l))
			return false;
	} while (index--);
	copy_cell(out->state, sizeof out->state, &l, CELL_STATE);
	copy_cell(out->stage, sizeof out->stage, &l, CELL_STAGE);
	copy_cell(out->event, sizeof out->event, &l, CELL_EVENT);
	copy_cell(out->when, sizeof out->when, &l, CELL_WHEN);
	copy_cell(out->next_state, sizeof out->next_state, &l, CELL_NEXT);
	copy_cell(out->next_stage, sizeof out->next_stage, &l, CELL_NEXT_STAGE);
	copy_cell(out->act, sizeof out->act, &l, CELL_ACT);
	return true;
}

/* Every word of a cell is one that the program knows. */
static bool words_known(const struct line *l, int cell, bool stages)
{
	const char *at = l->cell[cell], *end = at + l->len[cell], *w;
	char word[STATES_WORD_SIZE];
	enum stage stage;
	size_t len;

	while (next_word(&at, end, &w, &len)) {
		if (len == 0 || len >= sizeof word)
			return false;
		memcpy(word, w, len);
		word[len] = '\0';
		if (strcmp(word, "-") != 0 &&
		    !(stages ? stage_find(word, &stage) : states_known(word)))
			return false;
	}
	return true;
}

static bool cells_meet(const struct line *a, const struct line *b, int cell)
{
	const char *at = a->cell[cell], *end = at + a->len[cell], *w;
	char word[STATES_WORD_SIZE];
	size_t len;

	while (next_word(&at, end, &w, &len)) {
		if (len >= sizeof word)
			continue;
		memcpy(word, w, len);
		word[len] = '\0';
		if (list_has(b, cell, word))
			return true;
	}
	return false;
}

/* Could one case fall under both rows? */
static bool rows_meet(const struct line *a, const struct line *b)
{
	unsigned need_a, forbid_a, need_b, forbid_b, need, forbid;

	if (!cells_meet(a, b, CELL_STATE) || !cells_meet(a, b, CELL_STAGE) ||
	    !cells_meet(a, b, CELL_EVENT) || !read_when(a, &need_a, &forbid_a) ||
	    !read_when(b, &need_b, &forbid_b))
		return false;
	need = need_a | need_b;
	forbid = forbid_a | forbid_b;
	if (need & 1u << FACT_HIGH)
		need |= 1u << FACT_TWO;
	return (need & forbid) == 0;
}

int states_check(struct err *err)
{
	const char *at = states_file[0].text, *other;
	struct line a, b;
	unsigned need, forbid;

	for (size_t i = 0; states_name(i); i++)
		if (!states_known(states_name(i)))
			return err_set(err, ERR_INTERNAL, N_("data/states.tsv lacks the state %s"),
			               states_name(i));
	for (int row = 0; next_row(&at, &a); row++) {
		if (find_act(&a) < 0 || !read_when(&a, &need, &forbid) ||
		    !words_known(&a, CELL_STATE, false) || !words_known(&a, CELL_STAGE, true) ||
		    !words_known(&a, CELL_NEXT_STAGE, true) ||
		    (!words_known(&a, CELL_NEXT, false) &&
		     !word_is(a.cell[CELL_NEXT], a.len[CELL_NEXT], "=")))
			return broken(err, row);
		for (other = at; next_row(&other, &b); )
			if (rows_meet(&a, &b))
				return broken(err, row);
	}
	return 0;
}
