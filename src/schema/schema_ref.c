/* SPDX-License-Identifier: Apache-2.0
 *
 * References inside a schema document.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "schema/schema_node.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes %XX; NULL where it is malformed or hides a NUL. The caller's. */
static char *unescape(const char *s)
{
	char *out = mem_alloc(strlen(s) + 1), *p = out;

	for (; *s; s++) {
		if (*s != '%') {
			*p++ = *s;
		} else if (hex(s[1]) < 0 || hex(s[2]) < 0 || (s[1] == '0' && s[2] == '0')) {
			free(out);
			return NULL;
		} else {
			*p++ = (char)(hex(s[1]) << 4 | hex(s[2]));
			s += 2;
		}
	}
	*p = '\0';
	return out;
}

static struct schema_node *node_at(const struct schema *s, const struct value *doc)
{
	for (size_t i = 0; doc && i < s->count; i++)
		if (s->nodes[i]->doc == doc)
			return s->nodes[i];
	return NULL;
}

static struct schema_node *node_anchored(const struct schema *s, const char *anchor)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->nodes[i]->anchor && strcmp(s->nodes[i]->anchor, anchor) == 0)
			return s->nodes[i];
	return NULL;
}

/* The part of a reference after this document's own name; NULL: elsewhere. */
static const char *fragment(const struct schema *s, const char *ref)
{
	const char *id = value_text(s->doc, "$id");
	size_t len = id ? strcspn(id, "#") : 0;

	if (id && strncmp(ref, id, len) == 0 && (ref[len] == '#' || !ref[len]))
		ref += len;
	if (!*ref)
		return ref;
	return *ref == '#' ? ref + 1 : NULL;
}

static int resolve(struct schema *s, struct schema_node *n, struct err *err)
{
	const char *rest = fragment(s, n->ref_text);
	char *text;

	if (!rest)
		return err_set(err, ERR_UNSUPPORTED,
		               N_("$ref “%s” leaves the schema document; only “#…” is followed"),
		               n->ref_text);
	text = unescape(rest);
	if (!text)
		return err_set(err, ERR_INVALID, N_("$ref “%s” is malformed"), n->ref_text);
	if (!*text || *text == '/')
		n->ref = node_at(s, value_find_pointer(s->doc, text));
	else
		n->ref = node_anchored(s, text);
	free(text);
	if (!n->ref)
		return err_set(err, ERR_INVALID, N_("$ref “%s” names no schema of the document"),
		               n->ref_text);
	return 0;
}

/* Finds the place of a sub-schema again, for an error. */
static bool find_place(const struct value *at, const struct value *doc, struct buf *pointer)
{
	struct err_numbuf n;

	if (at == doc)
		return true;
	for (size_t i = 0; i < value_count(at); i++) {
		const char *key = value_key(at, i);
		size_t len = schema_pointer_push(pointer, key ? key : err_num(&n, (long long)i));

		if (find_place(value_at(at, i), doc, pointer))
			return true;
		schema_pointer_pop(pointer, len);
	}
	return false;
}

static void place(const struct schema *s, const struct schema_node *n, const char *keyword,
                  struct err *err)
{
	struct buf pointer = BUF_INIT;

	find_place(s->doc, n->doc, &pointer);
	err_where(err, "%s%s", buf_str(&pointer), keyword);
	buf_clear(&pointer);
}

enum { WHITE, GREY, BLACK };

/* A schema that is applied to the same value again without end. */
static bool loops(struct schema_node *n);

static bool any_loops(const struct schema_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (loops(list->nodes[i]))
			return true;
	return false;
}

static bool loops(struct schema_node *n)
{
	bool found;

	if (!n || n->colour == BLACK)
		return false;
	if (n->colour == GREY)
		return true;
	n->colour = GREY;
	found = loops(n->ref) || any_loops(&n->all) || any_loops(&n->any) ||
		any_loops(&n->one) || loops(n->negated) || loops(n->condition) ||
		loops(n->then) || loops(n->otherwise);
	for (size_t i = 0; i < n->dependent.count && !found; i++)
		found = loops(n->dependent.items[i].node);
	n->colour = BLACK;
	return found;
}

static int check_anchors(const struct schema *s, struct err *err)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct schema_node *n = s->nodes[i];

		if (!n->anchor || node_anchored(s, n->anchor) == n)
			continue;
		err_set(err, ERR_INVALID, N_("$anchor “%s” is given twice"), n->anchor);
		place(s, n, "/$anchor", err);
		return ERR_INVALID;
	}
	return 0;
}

int schema_ref_resolve(struct schema *s, struct err *err)
{
	int rc = check_anchors(s, err);

	for (size_t i = 0; i < s->count && rc == 0; i++) {
		if (!s->nodes[i]->ref_text)
			continue;
		rc = resolve(s, s->nodes[i], err);
		if (rc < 0)
			place(s, s->nodes[i], "/$ref", err);
	}
	for (size_t i = 0; i < s->count && rc == 0; i++) {
		if (!loops(s->nodes[i]))
			continue;
		rc = err_set(err, ERR_INVALID,
		             N_("a $ref of the schema leads back to itself without end"));
		place(s, s->nodes[i], "", err);
	}
	return rc;
}
