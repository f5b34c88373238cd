/* SPDX-License-Identifier: Apache-2.0
 *
 * A decision: envelope (recorded, signed, in the log by digest) and content
 * (value, message, note; erasable). Plain data; every char * is owned.
 */
#ifndef MODEL_DECISION_H
#define MODEL_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/id.h"
#include "model/value.h"

enum outcome {
	OUTCOME_APPROVE, OUTCOME_CORRECT, OUTCOME_REJECT, OUTCOME_RETURN, OUTCOME_ESCALATE
};
enum field_state { FIELD_CONFIRMED, FIELD_CORRECTED, FIELD_CANNOT_TELL, FIELD_NOT_ASKED };
enum disposition { DISPOSITION_SKIP, DISPOSITION_DEFER, DISPOSITION_NOT_FOR_ME };
enum stage { STAGE_FIRST, STAGE_SECOND, STAGE_ESCALATION, STAGE_SAMPLE, STAGE_CONTEST };
enum view_kind { VIEW_FULL, VIEW_PEER, VIEW_BLIND };
enum verdict {
	VERDICT_NONE,            /* not judged yet */
	VERDICT_ACCEPTED, VERDICT_REFUSED_AUTHZ, VERDICT_INVALID, VERDICT_STALE,
	VERDICT_TOO_LATE, VERDICT_LATE_OPINION, VERDICT_REFUSED_POLICY,
	VERDICT_ID_REUSED, VERDICT_DEVICE_FORKED
};

/* Names on the wire ("approve", "cannot_tell", "not_for_me", "escalation",
 * "late_opinion", …); *_find() returns false for an unknown name. */
const char *outcome_name(enum outcome o);
bool outcome_find(const char *name, enum outcome *out);
const char *field_state_name(enum field_state s);
bool field_state_find(const char *name, enum field_state *out);
const char *disposition_name(enum disposition d);
bool disposition_find(const char *name, enum disposition *out);
const char *stage_name(enum stage s);
bool stage_find(const char *name, enum stage *out);
const char *view_kind_name(enum view_kind v);
bool view_kind_find(const char *name, enum view_kind *out);
const char *verdict_name(enum verdict v);
bool verdict_find(const char *name, enum verdict *out);

struct decision_field {
	char *name;
	enum field_state state;
	char *reason;            /* or NULL */
};

struct decision {
	char id[ID_SIZE];
	char *review;
	int64_t revision;
	char *token;             /* lease token, decimal */
	enum outcome outcome;
	struct decision_field *fields;
	size_t field_count, field_cap;
	char **reasons;
	size_t reason_count, reason_cap;
	char *route;             /* or NULL */
	char shown[HASH_TEXT_SIZE];
	char policy[HASH_TEXT_SIZE];
	char guide[HASH_TEXT_SIZE];      /* empty: the queue has none */
	char **checked_against;          /* ids of sources on screen */
	size_t checked_count, checked_cap;
	char *opened_at, *decided_at;    /* RFC 3339, the desk's clock */
	int64_t active_ms;
	char **panes;
	size_t pane_count, pane_cap;
	char *blind;             /* content digest of the own answer, or NULL */
	char *amends;            /* decision id, or NULL */
	int64_t renderer;        /* TEXT_RENDERER of base/text.h */
	char **flags_shown;      /* kinds of hidden text revealed: "bidi", … */
	size_t flag_count, flag_cap;
	char content_digest[HASH_TEXT_SIZE];
	char device[ID_SIZE];
	int64_t seq;             /* 0 until sendable */
	char *signature;         /* base64, or NULL */

	/* content */
	char salt[SALT_TEXT_SIZE];
	struct value *value;     /* owned, or NULL */
	char *message;           /* the producer reads this; or NULL */
	char *note;              /* stays in the house; or NULL */
};

struct decision *decision_new(void);
void decision_free(struct decision *d);   /* NULL allowed */
/* Adds or changes the state of a field; reason may be NULL. */
void decision_set_field(struct decision *d, const char *name, enum field_state state,
                        const char *reason);
const struct decision_field *decision_find_field(const struct decision *d, const char *name);
/* Appends a copy to one of the string lists above. */
void decision_add_reason(struct decision *d, const char *reason);
void decision_add_checked(struct decision *d, const char *source);
void decision_add_pane(struct decision *d, const char *pane);
void decision_add_flag(struct decision *d, const char *flag);
/* Empties what says how the person saw it: checked_against, panes, flags_shown. */
void decision_clear_seen(struct decision *d);

#endif
