/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/pane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "view/plain.h"
#include "view/review/cause.h"
#include "view/review/choice.h"
#include "view/review/foot.h"
#include "view/review/frame.h"
#include "view/words.h"

enum { COMPARE_COLUMN = 18 };

static void heading(struct rows *out, const char *title)
{
	if (out->count)
		rows_new(out);
	rows_new(out);
	rows_addf(out, STYLE_TITLE, " %s", title);
}

static void pair(struct rows *out, const char *name, const char *text)
{
	if (!text)
		return;
	rows_new(out);
	rows_add(out, STYLE_DIM, "   ");
	rows_add_cut(out, STYLE_DIM, name, 20);
	rows_wrap(out, STYLE_PLAIN, text, 24, 0, 0, true);
}

/* --- why ----------------------------------------------------------------------- */

static void add_steps(const struct proposal *p, struct rows *out)
{
	heading(out, _("Steps of the model"));
	for (size_t i = 0; i < p->step_count; i++) {
		char *confidence = plain_text(p->steps[i].confidence);

		pair(out, p->steps[i].name, p->steps[i].output ? p->steps[i].output
		     : _("no output supplied"));
		if (*confidence)
			rows_addf(out, STYLE_DIM, " (%s)", confidence);
		free(confidence);
	}
	if (!p->step_count)
		pair(out, "", _("none supplied"));
}

static void add_about(const struct item *item, struct rows *out)
{
	const struct review *r = item->review;
	const struct proposal *p = r->proposal;
	char number[24];

	heading(out, _("About this item"));
	pair(out, _("model"), p->model_name);
	pair(out, _("version"), p->model_version ? p->model_version : _("not supplied"));
	pair(out, _("made at"), p->created_at ? p->created_at : _("not supplied"));
	pair(out, _("class"), words_class(p->safety_class));
	pair(out, _("case"), p->case_title ? p->case_title : p->case_id);
	snprintf(number, sizeof number, "%lld", (long long)r->revision);
	pair(out, _("revision"), number);
	pair(out, _("digest"), r->digest);
	pair(out, _("routing rules"), r->policy_digest);
	pair(out, _("guide"), r->guide_digest ? r->guide_digest : _("this queue has none"));
	for (size_t i = 0; i < p->link_count; i++)
		pair(out, p->links[i].title ? p->links[i].title : _("link"), p->links[i].url);
}

static void add_why(const struct item *item, struct rows *out)
{
	heading(out, _("Asked because"));
	cause_rows(item->review, out);
	heading(out, _("Signals (+ speaks for, − against)"));
	if (item->review->view == VIEW_BLIND)
		pair(out, "", _("shown after your own answer"));
	else if (!foot_signals(item, NULL, 0, out))
		pair(out, "", _("none supplied"));
	heading(out, _("Checks"));
	if (!foot_checks(item, out))
		pair(out, "", _("none supplied"));
	add_steps(item->review->proposal, out);
	add_about(item, out);
}

/* --- guide, history, raw ---------------------------------------------------- */

static void add_lines(const char *text, unsigned indent, struct rows *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = mem_strndup(text, len);

		if (len)
			rows_wrap(out, STYLE_PLAIN, line, indent, 0, 0, false);
		else
			rows_new(out);
		free(line);
		text += len + (text[len] != '\0');
	}
}

/* The name whose paragraph the guide opens at. */
static const char *guide_subject(const struct item *item)
{
	const struct proposal *p = item->review->proposal;

	if (item->field < item->form->count)
		return item->form->fields[item->field].name;
	return p->kind == KIND_APPROVAL ? p->action
		: item->form->label ? item->form->label : p->label;
}

/* What people call the field or label of a paragraph. */
static const char *guide_title(const struct item *item, const char *name)
{
	const struct form_field *f = form_find(item->form, name);

	return f ? f->title : choice_title(item->review->definition, name);
}

/* A label with its definition and what it is not. */
static void add_label(const struct label *l, struct rows *out)
{
	pair(out, l->title, l->text);
	for (size_t i = 0; i < value_count(l->not_examples); i++)
		pair(out, _("not"), value_str(value_at(l->not_examples, i)));
}

/* Rows of the guide; *at: where the paragraph under the cursor begins, or 0. */
static void add_guide(const struct item *item, struct rows *out, size_t *at)
{
	const struct definition *d = item->review->definition;
	const struct value *paragraphs = value_find(d->guide, "paragraphs");
	const char *subject = guide_subject(item);

	heading(out, _("What is right here"));
	if (value_text(d->guide, "version"))
		rows_addf(out, STYLE_DIM, _(" · version %s"), value_text(d->guide, "version"));
	if (d->guide_text)
		add_lines(d->guide_text, 3, out);
	for (size_t i = 0; i < value_count(paragraphs); i++) {
		const char *text = value_str(value_at(paragraphs, i));
		const char *name = value_key(paragraphs, i);

		heading(out, guide_title(item, name));
		if (subject && strcmp(subject, name) == 0) {
			rows_add(out, STYLE_STRONG, _(" ◂ what the cursor is on"));
			*at = out->count - 1;
		}
		if (text)
			rows_wrap(out, STYLE_PLAIN, text, 3, 0, 0, false);
	}
	if (!d->guide_text && !value_count(paragraphs))
		pair(out, "", _("this queue has no guide"));
	for (size_t i = 0; i < d->label_count; i++)
		if (d->labels[i].text)
			add_label(&d->labels[i], out);
}

static void add_event(const struct value *event, struct rows *out)
{
	rows_new(out);
	for (size_t i = 0; i < value_count(event); i++) {
		char *text = plain_text(value_at(event, i));

		if (*text)
			pair(out, value_key(event, i), text);
		free(text);
	}
}

static void add_history(const struct item *item, struct rows *out)
{
	const struct review *r = item->review;

	heading(out, _("Before"));
	for (size_t i = 0; i < value_count(r->history); i++)
		add_event(value_at(r->history, i), out);
	if (!value_count(r->history))
		pair(out, "", r->view == VIEW_PEER
		     ? _("what another person did is shown after your own decision")
		     : _("nobody has looked at it before"));
	heading(out, _("Same case"));
	if (!foot_siblings(item, out))
		pair(out, "", _("no other item of this case"));
}

static void add_raw(const struct item *item, struct rows *out)
{
	struct buf text = BUF_INIT;

	plain_json(item->review->proposal->doc, true, &text);
	add_lines(buf_str(&text), 1, out);
	buf_clear(&text);
}

/* --- comparison, hidden text -------------------------------------------------- */

static void compare_row(const char *title, const struct value *proposed,
                        const struct value *answered, struct rows *out)
{
	unsigned half = (out->width - COMPARE_COLUMN - 2) / 2;
	char *before = plain_text(proposed), *after = plain_text(answered);
	bool same = strcmp(before, after) == 0;
	struct rows left, right;

	rows_init(&left, half - 1, out->flags);
	rows_init(&right, half, out->flags);
	rows_wrap(&left, STYLE_PLAIN, *before ? before : "—", 0, 0, 0, false);
	rows_wrap(&right, same ? STYLE_PLAIN : STYLE_STRONG, *after ? after : "—", 0, 0, 0,
	          false);
	for (size_t n = 0; n < left.count || n < right.count; n++) {
		rows_new(out);
		if (n == 0) {
			rows_add(out, STYLE_PLAIN, " ");
			rows_add_cut(out, STYLE_PLAIN, title, COMPARE_COLUMN - 2);
		}
		rows_copy(out, &left, n, COMPARE_COLUMN, half - 1);
		rows_to(out, COMPARE_COLUMN + half);
		if (n == 0)
			rows_add(out, same ? STYLE_DIM : STYLE_STRONG, same ? "=" : "≠");
		rows_copy(out, &right, n, COMPARE_COLUMN + half + 2, half);
	}
	rows_clear(&left);
	rows_clear(&right);
	free(before);
	free(after);
}

static void compare_arguments(const struct value *before, const struct value *after,
                              struct rows *out)
{
	for (size_t i = 0; i < value_count(before); i++)
		compare_row(value_key(before, i), value_at(before, i),
		            value_find(after, value_key(before, i)), out);
	for (size_t i = 0; i < value_count(after); i++)
		if (!value_find(before, value_key(after, i)))
			compare_row(value_key(after, i), NULL, value_at(after, i), out);
}

static void add_compare(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	const struct form *f = item->form;

	rows_new(out);
	rows_to(out, COMPARE_COLUMN);
	rows_add(out, STYLE_DIM, _("proposed"));
	rows_to(out, COMPARE_COLUMN + (out->width - COMPARE_COLUMN - 2) / 2 + 2);
	rows_add(out, STYLE_DIM, _("your answer"));
	for (size_t i = 0; i < f->count; i++)
		compare_row(f->fields[i].title, f->fields[i].proposed,
		            form_field_value(&f->fields[i]), out);
	if (p->kind == KIND_APPROVAL)
		compare_arguments(p->arguments, f->arguments ? f->arguments : p->arguments, out);
	if (p->kind == KIND_CLASSIFICATION && f->label) {
		const struct definition *d = item->review->definition;
		struct value *before = value_new_string(choice_title(d, p->label));
		struct value *after = value_new_string(choice_title(d, f->label));

		compare_row(_("label"), before, after, out);
		value_free(before);
		value_free(after);
	}
}

/* The lines of a string that hide something, with their place. */
static void add_hidden(const struct value *v, const char *place, struct rows *out)
{
	const char *s = value_str(v);
	char *inner, words[200];

	for (size_t i = 0; i < value_count(v); i++) {
		const char *key = value_key(v, i);

		inner = key ? mem_printf("%s/%s", place, key) : mem_printf("%s/%zu", place, i);
		add_hidden(value_at(v, i), inner, out);
		free(inner);
	}
	if (!s || !text_found(s, v->len))
		return;
	heading(out, place);
	rows_addf(out, STYLE_WARN, " · %s",
	          words_hidden(text_found(s, v->len), words, sizeof words));
	for (const char *end = s + v->len; s < end;) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);
		char *line = mem_strndup(s, len);

		if (text_found(s, len))
			rows_wrap(out, STYLE_PLAIN, line, 3, 0, 0, false);
		free(line);
		s += len + 1;
	}
}

static void add_message(const struct value *v, struct buf *out)
{
	for (size_t i = 0; i < value_count(v); i++)
		add_message(value_at(v, i), out);
	if (value_str(v))
		text_tag_message(v->s, v->len, out);
}

static void add_hidden_pane(const struct item *item, struct rows *out)
{
	struct buf message = BUF_INIT;

	rows_wrap(out, STYLE_PLAIN, _("Characters that a terminal would hide or obey stand in "
	          "brackets. A model reads them; a person would not see them."), 1, 0, 0, false);
	add_message(item->review->proposal->doc, &message);
	if (message.len) {
		heading(out, _("Tag characters spell"));
		rows_wrap(out, STYLE_BAD, buf_str(&message), 3, 0, 0, false);
	}
	add_hidden(item->review->proposal->doc, "", out);
	if (!item->found)
		pair(out, "", _("nothing is hidden in this item"));
	buf_clear(&message);
}

static const char *title_of(enum item_pane pane)
{
	static const char *const titles[ITEM_PANES] = { [ITEM_WHY] = N_("why, signals, checks"),
		[ITEM_GUIDE] = N_("guide"), [ITEM_HISTORY] = N_("history"),
		[ITEM_RAW] = N_("the document as it was sent"),
		[ITEM_COMPARE] = N_("side by side"), [ITEM_HIDDEN] = N_("hidden text"),
		[ITEM_ARGUMENTS] = N_("arguments"), [ITEM_FIELDS] = N_("fields"),
		[ITEM_EVIDENCE] = N_("text") };

	return _(titles[pane]);
}

static void build(struct item *item, struct rows *out)
{
	size_t at = 0;

	switch (item->open) {
	case ITEM_WHY:
		add_why(item, out);
		break;
	case ITEM_GUIDE:
		add_guide(item, out, &at);
		/* opened just now: its first row count is not known yet */
		if (!item->rows[ITEM_GUIDE])
			item->top[ITEM_GUIDE] = at;
		break;
	case ITEM_HISTORY:
		add_history(item, out);
		break;
	case ITEM_RAW:
		add_raw(item, out);
		break;
	case ITEM_COMPARE:
		add_compare(item, out);
		break;
	default:
		add_hidden_pane(item, out);
		break;
	}
}

void pane_layout(struct item *item, const struct facts *facts, unsigned height,
                 struct rows *out)
{
	enum item_pane pane = item->open;
	size_t room = height > out->count + 1 ? height - out->count - 1 : 0;
	struct rows all;
	char *title;

	(void)facts;
	if (pane == ITEM_EVIDENCE) {
		frame_evidence(item, room + 1, out);
		return;
	}
	rows_init(&all, out->width, out->flags);
	build(item, &all);
	item->rows[pane] = all.count;
	item->room[pane] = room;
	if (item->top[pane] + room > all.count)
		item->top[pane] = all.count > room ? all.count - room : 0;
	/* Hidden text counts as seen once every row of its pane was shown, the
	 * comparison once it was opened. */
	if (pane == ITEM_HIDDEN && item_note_shown(item, pane, &all, room))
		item->revealed = true;
	if (pane == ITEM_COMPARE)
		item->compared = true;
	title = item->top[pane] + room < all.count
		? mem_printf(_("%s · %zu rows below"), title_of(pane),
		             all.count - item->top[pane] - room) : mem_strdup(title_of(pane));
	rows_rule(out, title);
	rows_append(out, &all, item->top[pane], room);
	free(title);
	rows_clear(&all);
}
