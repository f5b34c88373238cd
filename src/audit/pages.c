/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/pages.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/json.h"

static void repair(struct buf *body)
{
	for (size_t i = 0; i < body->len;) {
		uint32_t cp;
		size_t n = utf8_decode(body->data + i, body->len - i, &cp);

		if (!n || (n == 1 && (unsigned char)body->data[i] < 0x20))
			body->data[i] = '?';
		i += n ? n : 1;
	}
}

int pages_parse(struct buf *body, struct value **out, struct err *err)
{
	*out = NULL;
	if (json_parse(buf_str(body), body->len, &prescan_answer, out, NULL) == 0)
		return 0;
	repair(body);
	return json_parse(buf_str(body), body->len, &prescan_answer, out, err);
}

int pages_each(const struct audit_source *source, pages_read_fn *read, const char *member,
               void (*each)(void *arg, const struct value *element),
               void (*progress)(void *arg, int64_t done), void *arg, struct err *err)
{
	char *after = NULL;
	int64_t done = 0;
	bool more = true;
	int rc = 0;

	while (rc == 0 && more) {
		struct buf body = BUF_INIT;
		struct value *doc = NULL;
		const struct value *list;

		rc = read(source->ctx, after, &body, err);
		if (rc == 0)
			rc = pages_parse(&body, &doc, err);
		list = value_find(doc, member);
		for (size_t i = 0; i < value_count(list); i++)
			each(arg, value_at(list, i));
		done += (int64_t)value_count(list);
		if (progress)
			progress(arg, done);
		free(after);
		after = mem_strdup(value_text(doc, "after"));
		more = value_bool_or(doc, "more", false) && after && value_count(list) > 0;
		if (rc == 0 && value_bool_or(doc, "more", false) && !more)
			rc = err_set(err, ERR_INVALID, N_("the log's pages do not go on"));
		value_free(doc);
		buf_clear(&body);
	}
	free(after);
	return rc;
}

bool pages_leaf(const struct audit_source *source, int64_t index, struct value **doc,
                struct leaf *leaf)
{
	struct buf body = BUF_INIT;
	struct value *page = NULL;
	const struct value *text;
	bool ok = source->entries(source->ctx, index, index + 1, &body, NULL) == 0 &&
	          pages_parse(&body, &page, NULL) == 0;

	*doc = NULL;
	text = value_find(value_at(value_find(page, "entries"), 0), "leaf");
	ok = ok && value_is(text, VALUE_STRING) &&
	     leaf_read(text->s, text->len, doc, leaf, NULL) == 0;
	value_free(page);
	buf_clear(&body);
	return ok;
}
