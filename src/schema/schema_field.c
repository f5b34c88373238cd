/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/mem.h"
#include "schema/schema.h"

static void read_type(struct schema_field *f, const struct value *type)
{
	if (value_str(type)) {
		f->type = value_str(type);
		f->nullable = strcmp(f->type, "null") == 0;
		return;
	}
	for (size_t i = 0; i < value_count(type); i++) {
		const char *name = value_str(value_at(type, i));

		if (name && strcmp(name, "null") == 0)
			f->nullable = true;
		else if (!f->type)
			f->type = name;
	}
}

static void read_field(struct schema_field *f, const char *name, const struct value *schema)
{
	const struct value *choices = value_find(schema, "enum");

	memset(f, 0, sizeof *f);
	f->name = name;
	f->schema = schema;
	f->title = value_text_or(schema, "title", name);
	f->format = value_text(schema, "format");
	f->description = value_text(schema, "description");
	f->choices = value_is(choices, VALUE_ARRAY) ? choices : NULL;
	read_type(f, value_find(schema, "type"));
}

/* Follows a $ref inside the document, so that shared definitions make a form
 * too; a chain is followed a few steps only. */
static const struct value *follow(const struct value *doc, const struct value *schema)
{
	for (int i = 0; i < 8; i++) {
		const char *ref = value_text(schema, "$ref");

		if (!ref || ref[0] != '#' || (ref[1] && ref[1] != '/'))
			break;
		schema = value_find_pointer(doc, ref + 1);
	}
	return schema;
}

size_t schema_field_list(const struct value *doc, struct schema_field **out)
{
	const struct value *root = follow(doc, doc);
	const struct value *properties = value_find(root, "properties");
	const struct value *required = value_find(root, "required");
	size_t count = 0, most = value_count(properties) + value_count(required);
	struct schema_field *fields;

	*out = NULL;
	if (!most)
		return 0;
	fields = mem_resize(NULL, most, sizeof *fields);
	for (size_t i = 0; i < value_count(properties); i++) {
		const char *name = value_key(properties, i);

		if (!name)
			break;
		read_field(&fields[count], name, follow(doc, value_at(properties, i)));
		fields[count++].required = value_has_string(required, name);
	}
	for (size_t i = 0; i < value_count(required); i++) {
		const char *name = value_str(value_at(required, i));

		if (!name || value_find(properties, name))
			continue;
		read_field(&fields[count], name, NULL);
		fields[count++].required = true;
	}
	*out = fields;
	return count;
}
