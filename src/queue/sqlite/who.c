/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/who.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "queue/answer.h"

static void add_role(struct who *who, const char *queue, enum role role)
{
	struct who_grant *g = NULL;

	for (size_t i = 0; i < who->count && !g; i++)
		if (strcmp(who->grants[i].queue, queue) == 0)
			g = &who->grants[i];
	if (!g) {
		MEM_GROW(who->grants, who->count, who->cap);
		g = &who->grants[who->count++];
		g->queue = mem_strdup(queue);
		g->set = 0;
	}
	g->set = role_set_add(g->set, role);
	who->all = role_set_add(who->all, role);
}

static int read_token(struct db *db, const unsigned char *hash, struct who *who,
                      struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT t.principal, t.revoked_ms IS NOT NULL, r.queue, r.role"
	                  " FROM token t JOIN token_role r ON r.token=t.id WHERE t.hash=?",
	                  "b", hash, (size_t)HASH_SIZE);

	for (; rc > 0; rc = db_row(db, s, err)) {
		enum role role;

		if (!who->name)
			who->name = db_dup(s, 0);
		who->revoked = db_i64(s, 1);
		if (role_find(db_text(s, 3), &role))
			add_role(who, db_text(s, 2), role);
	}
	return rc;
}

int who_load(struct db *db, const struct queue_call *call, bool revoked_ok,
             struct who *who, struct queue_answer *answer, struct err *err)
{
	int rc;

	memset(who, 0, sizeof *who);
	if (call->local) {
		who->local = true;
		who->name = mem_strdup("administrator");
		for (int r = 0; r < ROLE_COUNT; r++)
			if (r == ROLE_ADMINISTRATOR || r == ROLE_AUDITOR)
				add_role(who, "", (enum role)r);
		return 0;
	}
	rc = call->token_hash ? read_token(db, call->token_hash, who, err) : 0;
	if (rc < 0)
		return rc;
	if (!who->name || (who->revoked && !revoked_ok))
		return answer_problem(answer, PROBLEM_UNAUTHORIZED, NULL, NULL);
	return 0;
}

void who_clear(struct who *who)
{
	for (size_t i = 0; i < who->count; i++)
		free(who->grants[i].queue);
	free(who->grants);
	free(who->name);
	memset(who, 0, sizeof *who);
}

unsigned who_set(const struct who *who, const char *queue)
{
	unsigned set = 0;

	for (size_t i = 0; i < who->count; i++)
		if (!*who->grants[i].queue || (queue && strcmp(who->grants[i].queue, queue) == 0))
			set |= who->grants[i].set;
	return set;
}

bool who_may(const struct who *who, const char *queue, enum role_verb v, int stage)
{
	return role_set_may(who_set(who, queue), v, stage);
}

bool who_may_somewhere(const struct who *who, enum role_verb v)
{
	return role_set_may(who->all, v, ROLE_ANY_STAGE);
}

int who_demand(const struct who *who, const char *queue, enum role_verb v, int stage,
               struct queue_answer *answer)
{
	if (queue ? who_may(who, queue, v, stage) : who_may_somewhere(who, v))
		return 0;
	return answer_problem(answer, PROBLEM_FORBIDDEN, NULL, NULL);
}

void who_sign(struct who *who, const char *queue, enum role_verb v, int stage,
              struct leaf *leaf)
{
	unsigned set = queue ? who_set(who, queue) : who->all;
	enum role acting = role_set_acting(set, v, stage);

	leaf->actor = who->name;
	leaf->role = acting < ROLE_COUNT ? role_name(acting) : NULL;
	leaf->authority = role_set_text(set, who->authority);
	leaf->queue = queue;
}

const char *who_stages(const struct who *who, const char *queue, enum role_verb v,
                       char out[WHO_STAGES_SIZE])
{
	unsigned set = who_set(who, queue);
	size_t len = 1;

	out[0] = '[';
	for (int stage = STAGE_FIRST; stage <= STAGE_CONTEST; stage++)
		if (role_set_may(set, v, stage))
			len += (size_t)snprintf(out + len, WHO_STAGES_SIZE - len, "%s\"%s\"",
			                        len > 1 ? "," : "", stage_name((enum stage)stage));
	snprintf(out + len, WHO_STAGES_SIZE - len, "]");
	return out;
}
