/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/floor.h"

#include <string.h>

static const struct floor floors[] = {
	[CLASS_INFORMATIONAL] = {
		.auto_accept = FLOOR_ACCEPT, .people = 0, .sampling = "0",
		.may_close = true, .may_suspend = false, .bulk = true, .retention_days = 0,
	},
	[CLASS_ASSISTIVE] = {
		.auto_accept = FLOOR_ACCEPT, .people = 0, .sampling = "0.01",
		.may_close = true, .may_suspend = true, .bulk = true, .retention_days = 30,
	},
	[CLASS_BOUNDED] = {
		.auto_accept = FLOOR_WITHIN_LIMITS, .people = 1, .sampling = "0.05",
		.may_close = true, .may_suspend = true, .bulk = true, .retention_days = 183,
	},
	[CLASS_HIGH_IMPACT] = {
		.auto_accept = FLOOR_NEVER, .people = 2, .sampling = "1",
		.may_close = false, .may_suspend = true, .bulk = false, .retention_days = 183,
	},
};

const struct floor *floor_of(enum safety_class c)
{
	/* A class that is not known is treated as the strictest. */
	if ((unsigned)c > CLASS_HIGH_IMPACT)
		c = CLASS_HIGH_IMPACT;
	return &floors[c];
}

enum safety_class floor_stricter(enum safety_class a, enum safety_class b)
{
	return a > b ? a : b;
}

static bool wants_suspend(const char *on_expiry)
{
	return on_expiry && strcmp(on_expiry, "suspend") == 0;
}

const char *floor_on_expiry(enum safety_class c, const char *proposal, const char *queue)
{
	const struct floor *f = floor_of(c);

	if (!f->may_close)
		return "suspend";
	if (f->may_suspend && (wants_suspend(proposal) || wants_suspend(queue)))
		return "suspend";
	return "close";
}
