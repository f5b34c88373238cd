/* SPDX-License-Identifier: Apache-2.0
 *
 * Safety classes: what holds whatever the rules say. A policy may be stricter,
 * never looser.
 */
#ifndef POLICY_FLOOR_H
#define POLICY_FLOOR_H

#include <stdbool.h>

#include "model/proposal.h"

enum floor_accept { FLOOR_ACCEPT, FLOOR_WITHIN_LIMITS, FLOOR_NEVER };

struct floor {
	enum floor_accept auto_accept;
	int people;              /* distinct people who must decide an item that is
	                            not auto-accepted: 0, 1 or 2 */
	const char *sampling;    /* least rate of auto-accepted items, decimal; "1":
	                            all */
	bool may_close;          /* on expiry; else suspend is the only way */
	bool may_suspend;
	bool bulk;
	int retention_days;      /* least; 0: none */
};

const struct floor *floor_of(enum safety_class c);
/* The stricter of two classes. */
enum safety_class floor_stricter(enum safety_class a, enum safety_class b);
/* "close" or "suspend": what happens at expiry, given what the producer and
 * the queue asked for (either may be NULL). Suspend where the class or either
 * of them wants it and the class knows it; else close. */
const char *floor_on_expiry(enum safety_class c, const char *proposal, const char *queue);

#endif
