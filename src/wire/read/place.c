/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/read/place.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/msg.h"

static void add_pointer(const struct place *at, struct buf *b)
{
	if (!at || !at->up)
		return;
	add_pointer(at->up, b);
	if (!at->key) {
		buf_addf(b, "/%zu", at->index);
		return;
	}
	buf_addc(b, '/');
	for (const char *p = at->key; *p; p++) {
		if (*p == '~' || *p == '/')
			buf_adds(b, *p == '~' ? "~0" : "~1");
		else
			buf_addc(b, *p);
	}
}

int place_mark(const struct place *at, struct err *err)
{
	struct buf b = { .limit = ERR_WHERE_SIZE };

	add_pointer(at, &b);
	err_where(err, "%s", buf_str(&b));
	buf_clear(&b);
	return ERR_INVALID;
}

int place_mark_in(const struct place *at, const char *key, struct err *err)
{
	struct place member = { .up = at, .key = key };

	return place_mark(&member, err);
}

/* The member where it is there and not null. *missing is the fault of a
 * required one that is not. */
static const struct value *take(const struct value *object, const struct place *at,
                                const char *key, enum place_need need, int *missing,
                                struct err *err)
{
	const struct value *v = value_find(object, key);

	*missing = 0;
	if (v && v->type != VALUE_NULL)
		return v;
	if (need == PLACE_REQUIRED)
		*missing = place_fault_in(at, key, err, N_("a required member is missing"));
	return NULL;
}

int place_text(const struct value *object, const struct place *at, const char *key,
               enum place_need need, const char **out, struct err *err)
{
	int missing;
	const struct value *v = take(object, at, key, need, &missing, err);

	*out = value_str(v);
	if (v && !*out)
		return place_fault_in(at, key, err, N_("a text is expected here"));
	return missing;
}

int place_name(const struct value *object, const struct place *at, const char *key,
               enum place_need need, size_t max, const char **out, struct err *err)
{
	struct err_numbuf number;

	if (place_text(object, at, key, need, out, err))
		return ERR_INVALID;
	if (!*out)
		return 0;
	if (!**out)
		return place_fault_in(at, key, err, N_("this text must not be empty"));
	if (strlen(*out) > max)
		return place_fault_in(at, key, err, N_("this text is longer than %s bytes"),
		                      err_num(&number, (long long)max));
	for (const char *p = *out; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return place_fault_in(at, key, err,
			                      N_("control characters are not accepted here"));
	return 0;
}

int place_time(const struct value *object, const struct place *at, const char *key,
               enum place_need need, const char **out, struct err *err)
{
	int64_t ms;

	if (place_text(object, at, key, need, out, err))
		return ERR_INVALID;
	if (*out && !clock_parse(*out, &ms))
		return place_fault_in(at, key, err,
		                      N_("a time such as 2026-11-02T13:27:26.000Z is expected here"));
	return 0;
}

int place_digest(const struct value *object, const struct place *at, const char *key,
                 enum place_need need, const char **out, struct err *err)
{
	unsigned char hash[HASH_SIZE];

	if (place_text(object, at, key, need, out, err))
		return ERR_INVALID;
	if (*out && !hash_parse(*out, hash))
		return place_fault_in(at, key, err,
		                      N_("\"sha256:\" and 64 hexadecimal digits are expected here"));
	return 0;
}

int place_id(const struct value *object, const struct place *at, const char *key,
             enum place_need need, const char **out, struct err *err)
{
	if (place_text(object, at, key, need, out, err))
		return ERR_INVALID;
	if (*out && !id_valid(*out))
		return place_fault_in(at, key, err, N_("a UUID of version 7 is expected here"));
	return 0;
}

int place_int(const struct value *object, const struct place *at, const char *key,
              enum place_need need, int64_t min, int64_t max, int64_t *out,
              struct err *err)
{
	int missing;
	const struct value *v = take(object, at, key, need, &missing, err);
	struct err_numbuf a, b;

	*out = -1;
	if (!v)
		return missing;
	if (v->type != VALUE_INT)
		return place_fault_in(at, key, err, N_("a whole number is expected here"));
	if (v->i < min || v->i > max)
		return place_fault_in(at, key, err,
		                      N_("a number between %s and %s is expected here"),
		                      err_num(&a, min), err_num(&b, max));
	*out = v->i;
	return 0;
}

int place_bool(const struct value *object, const struct place *at, const char *key,
               bool *out, struct err *err)
{
	int missing;
	const struct value *v = take(object, at, key, PLACE_OPTIONAL, &missing, err);

	*out = value_is(v, VALUE_BOOL) && v->b;
	if (v && v->type != VALUE_BOOL)
		return place_fault_in(at, key, err, N_("true or false is expected here"));
	return 0;
}

int place_number(const struct value *object, const struct place *at, const char *key,
                 const struct value **out, struct err *err)
{
	int missing;

	*out = take(object, at, key, PLACE_OPTIONAL, &missing, err);
	if (*out && !value_is_number(*out))
		return place_fault_in(at, key, err, N_("a number is expected here"));
	return 0;
}

int place_share(const struct value *object, const struct place *at, const char *key,
                const struct value **out, struct err *err)
{
	if (place_number(object, at, key, out, err))
		return ERR_INVALID;
	if (*out && (value_number(*out) < 0 || value_number(*out) > 1))
		return place_fault_in(at, key, err, N_("a number from 0 to 1 is expected here"));
	return 0;
}

int place_array(const struct value *object, const struct place *at, const char *key,
                enum place_need need, const struct value **out, struct err *err)
{
	int missing;

	*out = take(object, at, key, need, &missing, err);
	if (*out && (*out)->type != VALUE_ARRAY)
		return place_fault_in(at, key, err, N_("a list is expected here"));
	return missing;
}

int place_object(const struct value *object, const struct place *at, const char *key,
                 enum place_need need, const struct value **out, struct err *err)
{
	int missing;

	*out = take(object, at, key, need, &missing, err);
	if (*out && (*out)->type != VALUE_OBJECT)
		return place_fault_in(at, key, err, N_("an object is expected here"));
	return missing;
}

int place_texts(const struct value *object, const struct place *at, const char *key,
                const struct value **out, struct err *err)
{
	struct place list = { .up = at, .key = key };

	if (place_array(object, at, key, PLACE_OPTIONAL, out, err))
		return ERR_INVALID;
	for (size_t i = 0; i < value_count(*out); i++) {
		struct place item = { .up = &list, .index = i };

		if (!value_str(value_at(*out, i)))
			return place_fault(&item, err, N_("a text is expected here"));
	}
	return 0;
}

int place_is_object(const struct value *v, const struct place *at, struct err *err)
{
	if (value_is(v, VALUE_OBJECT))
		return 0;
	return place_fault(at, err, N_("an object is expected here"));
}
