/* SPDX-License-Identifier: Apache-2.0 */
#include "model/role.h"

#include <string.h>

static const char *const role_names[ROLE_COUNT] = {
	"producer", "reviewer", "lead", "supervisor", "auditor", "administrator",
};

static const char *const verb_names[ROLE_VERBS] = {
	"submit", "get_proposal", "withdraw", "consume", "revise", "results", "put_blob",
	"get_blob", "queues", "reviews", "lease", "decide", "changes", "feedback",
	"log_head", "log_entries", "log_contents", "load", "tokens",
};

/* One letter a role, in the order of the enum. */
#define P (1u << ROLE_PRODUCER)
#define R (1u << ROLE_REVIEWER)
#define L (1u << ROLE_LEAD)
#define S (1u << ROLE_SUPERVISOR)
#define A (1u << ROLE_AUDITOR)
#define M (1u << ROLE_ADMINISTRATOR)

static const unsigned verb_roles[ROLE_VERBS] = {
	[ROLE_SUBMIT] = P,
	[ROLE_GET_PROPOSAL] = P,
	[ROLE_WITHDRAW] = P,
	[ROLE_CONSUME] = P,
	[ROLE_REVISE] = P,
	[ROLE_RESULTS] = P,
	[ROLE_PUT_BLOB] = P,
	[ROLE_GET_BLOB] = P | R | L | S | A,
	[ROLE_QUEUES] = R | L | S | A | M,
	[ROLE_REVIEWS] = R | L | S,
	[ROLE_LEASE] = R | L | S,
	[ROLE_DECIDE] = R | L | S,
	[ROLE_CHANGES] = R | L | S,
	[ROLE_FEEDBACK] = L | S | A,
	[ROLE_LOG_HEAD] = P | R | L | S | A,
	[ROLE_LOG_ENTRIES] = L | S | A,
	[ROLE_LOG_CONTENTS] = A,
	[ROLE_LOAD] = M,
	[ROLE_TOKENS] = M,
};

/* Who works on a stage. A contest is judged by other people than those whose
 * answer is contested, with authority to change it. */
static const unsigned stage_roles[] = {
	[STAGE_FIRST] = R | L | S,
	[STAGE_SECOND] = R | L | S,
	[STAGE_ESCALATION] = S,
	[STAGE_SAMPLE] = L | S,
	[STAGE_CONTEST] = L | S,
};

#undef P
#undef R
#undef L
#undef S
#undef A
#undef M

static bool find(const char *const *names, int count, const char *name, int *out)
{
	for (int i = 0; name && i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *role_name(enum role r)
{
	return role_names[r];
}

bool role_find(const char *name, enum role *out)
{
	int i;

	if (!find(role_names, ROLE_COUNT, name, &i))
		return false;
	*out = (enum role)i;
	return true;
}

const char *role_verb_name(enum role_verb v)
{
	return verb_names[v];
}

bool role_verb_find(const char *name, enum role_verb *out)
{
	int i;

	if (!find(verb_names, ROLE_VERBS, name, &i))
		return false;
	*out = (enum role_verb)i;
	return true;
}

bool role_may(enum role r, enum role_verb v, int stage)
{
	if ((unsigned)r >= ROLE_COUNT || (unsigned)v >= ROLE_VERBS)
		return false;
	if (!(verb_roles[v] & 1u << r))
		return false;
	if (stage == ROLE_ANY_STAGE || (v != ROLE_REVIEWS && v != ROLE_LEASE && v != ROLE_DECIDE))
		return true;
	if (stage < 0 || (size_t)stage >= sizeof stage_roles / sizeof *stage_roles)
		return false;
	return (stage_roles[stage] & 1u << r) != 0;
}

unsigned role_set_add(unsigned set, enum role r)
{
	return set | 1u << r;
}

bool role_set_has(unsigned set, enum role r)
{
	return (set & 1u << r) != 0;
}

enum role role_set_acting(unsigned set, enum role_verb v, int stage)
{
	for (int r = 0; r < ROLE_COUNT; r++)
		if (role_set_has(set, (enum role)r) && role_may((enum role)r, v, stage))
			return (enum role)r;
	return ROLE_COUNT;
}

bool role_set_may(unsigned set, enum role_verb v, int stage)
{
	return role_set_acting(set, v, stage) != ROLE_COUNT;
}

const char *role_set_text(unsigned set, char out[ROLE_SET_TEXT_SIZE])
{
	static const enum role by_name[ROLE_COUNT] = {
		ROLE_ADMINISTRATOR, ROLE_AUDITOR, ROLE_LEAD, ROLE_PRODUCER, ROLE_REVIEWER,
		ROLE_SUPERVISOR,
	};
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < ROLE_COUNT; i++) {
		const char *name = role_names[by_name[i]];
		size_t len = strlen(name);

		if (!role_set_has(set, by_name[i]))
			continue;
		if (at)
			out[at++] = ',';
		memcpy(out + at, name, len + 1);
		at += len;
	}
	return out;
}
