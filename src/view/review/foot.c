/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/foot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "view/plain.h"
#include "view/review/choice.h"
#include "view/words.h"

/* --- what a key records ------------------------------------------------------ */

/* "Total, Date": titles of the fields in this state. */
static size_t titles(const struct form *f, int state, bool asked, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct form_field *field = &f->fields[i];

		if ((int)field->state != state || field->asked != asked)
			continue;
		buf_addf(out, "%s%s", n++ ? ", " : "", field->title);
	}
	return n;
}

static void add_part(struct buf *out, const char *names, const char *what)
{
	if (*names)
		buf_addf(out, "%s%s: %s", out->len ? " · " : "", names, what);
}

static void fields_words(const struct form *f, struct buf *out)
{
	static const struct { int state; bool asked; const char *what; } parts[] = {
		{ FORM_CORRECTED, true, N_("corrected") }, { FORM_CORRECTED, false, N_("corrected") },
		{ FORM_CANNOT_TELL, true, N_("can't tell") },
		{ FORM_CANNOT_TELL, false, N_("can't tell") },
		{ FORM_CONFIRMED, true, N_("confirmed") },
		{ FORM_CONFIRMED, false, N_("confirmed") },
		{ FORM_OPEN, true, N_("confirmed") }, { FORM_OPEN, false, N_("not asked") },
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct buf names = BUF_INIT;

		titles(f, parts[i].state, parts[i].asked, &names);
		add_part(out, buf_str(&names), _(parts[i].what));
		buf_clear(&names);
	}
}

static void approve_words(const struct item *item, struct buf *out)
{
	const struct proposal *p = item->review->proposal;

	if (p->kind == KIND_EXTRACTION)
		fields_words(item->form, out);
	else if (p->kind == KIND_CLASSIFICATION)
		buf_addf(out, _("the label stays, confirmed by you"));
	else if (p->safety_class == CLASS_HIGH_IMPACT && item->review->stage == STAGE_SECOND)
		buf_adds(out, _("this is the second answer: the same as the first person's "
		                "releases it; another goes to a supervisor"));
	else if (p->safety_class == CLASS_HIGH_IMPACT)
		buf_adds(out, _("counts once a second person says the same; then released "
		                "once, to the agent that asked"));
	else
		buf_adds(out, _("released once, to the agent that asked. Reject or send back: "
		                "nothing runs"));
}

void foot_state(struct item *item, struct rows *out)
{
	struct buf words = BUF_INIT;
	bool change = item->filling || form_departs(item->form);
	const char *why = change ? item_why_not(item, OUTCOME_CORRECT)
		: item_why_not(item, OUTCOME_APPROVE);

	if (change && !why)
		why = form_why_not(item->form, NULL);
	if (change && item->filling && !form_departs(item->form))
		why = form_why_not(item->form, NULL);
	if (why) {
		buf_addf(&words, change ? _("y is off: %s") : _("a is off: %s"), why);
	} else if (change) {
		buf_adds(&words, _("y sends: "));
		if (item->form->count) {
			struct buf fields = BUF_INIT;

			fields_words(item->form, &fields);
			buf_adds(&words, buf_str(&fields));
			buf_clear(&fields);
		} else {
			buf_adds(&words, item->form->label
			         ? choice_title(item->review->definition, item->form->label)
			         : _("the changed arguments"));
		}
	} else {
		buf_adds(&words, _("If you approve: "));
		struct buf what = BUF_INIT;

		approve_words(item, &what);
		buf_adds(&words, buf_str(&what));
		buf_clear(&what);
	}
	rows_wrap(out, why ? STYLE_WARN : STYLE_PLAIN, buf_str(&words), 1, 0, 2, false);
	if (item->form->message || item->form->note) {
		rows_new(out);
		rows_addf(out, STYLE_DIM, " %s %s",
		          item->form->message ? _("with a message the producer reads:")
		          : _("with a note that stays in the house:"),
		          item->form->message ? item->form->message : item->form->note);
	}
	buf_clear(&words);
}

void foot_last(const struct item *item, const struct facts *facts, struct rows *out)
{
	char span[PLAIN_TIME_SIZE];
	int64_t left = facts->undo_boot_ms - facts->boot_ms;

	if (facts->last[0]) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _(" last   "));
		rows_add_cut(out, STYLE_PLAIN, facts->last,
		             rows_left(out) > 24 ? rows_left(out) - 24 : 0);
		if (facts->undo_boot_ms && left > 0) {
			char *undo = mem_printf(_("u undo · sent in %s"),
			                        plain_span(left + 999, span));

			rows_right(out, STYLE_STRONG, undo);
			free(undo);
		} else {
			rows_right(out, STYLE_DIM, _("sent · u amends it"));
		}
	}
	if (item->next) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _(" next   "));
		rows_add(out, STYLE_DIM, item->next);
	}
}

/* --- guide ---------------------------------------------------------------- */

const char *foot_guide_text(const struct definition *d, const char *name)
{
	const struct value *paragraphs = value_find(d->guide, "paragraphs");

	return name ? value_text(paragraphs, name) : NULL;
}

void foot_guide(const struct item *item, const char *name, size_t most, struct rows *out)
{
	const char *text = foot_guide_text(item->review->definition, name);
	char *line;

	if (!text)
		return;
	line = mem_printf(_("guide · %s"), text);
	rows_wrap(out, STYLE_PLAIN, line, 1, 0, most, false);
	free(line);
}

/* --- signals and checks ---------------------------------------------------- */

/* Does name match pattern, in which one "*" stands for anything? What it stands
 * for goes to rest. */
static bool glob(const char *pattern, const char *name, char *rest, size_t size)
{
	const char *star = strchr(pattern, '*');
	size_t head = star ? (size_t)(star - pattern) : strlen(pattern), n = strlen(name);
	size_t tail = star ? strlen(star + 1) : 0;

	rest[0] = '\0';
	if (!star)
		return strcmp(pattern, name) == 0;
	if (n < head + tail || strncmp(pattern, name, head) != 0
	    || strcmp(name + n - tail, star + 1) != 0)
		return false;
	snprintf(rest, size, "%.*s", (int)(n - head - tail), name + head);
	return true;
}

/* The entry of that name, or else the first whose pattern fits. */
static const struct value *dictionary_find(const struct definition *d, const char *name,
                                           char *rest, size_t size)
{
	const struct value *exact = value_find(d->signals, name);

	rest[0] = '\0';
	if (exact)
		return exact;
	for (size_t i = 0; i < value_count(d->signals); i++)
		if (glob(value_key(d->signals, i), name, rest, size))
			return value_at(d->signals, i);
	rest[0] = '\0';
	return NULL;
}

/* Limits come as numbers or as decimals in strings. */
static double number_of(const struct value *v)
{
	return value_is_number(v) ? value_number(v)
		: value_str(v) ? strtod(value_str(v), NULL) : 0;
}

/* '+' speaks for, '-' against, ' ' neutral. */
static char push_of(const struct signal_fact *s, const struct value *entry)
{
	const struct value *bands = value_find(entry, "bands");
	const char *good = value_text(entry, "good");
	bool high = good && strcmp(good, "high") == 0;
	double v;

	if (s->pushes)
		return strcmp(s->pushes, "down") == 0 ? '-' : '+';
	if (good && value_count(bands) && value_is_number(s->value)) {
		v = value_number(s->value);
		if (v < number_of(value_at(bands, 0)))
			return high ? '-' : '+';
		if (v >= number_of(value_at(bands, value_count(bands) - 1)))
			return high ? '+' : '-';
		return ' ';
	}
	if (value_is_number(s->weight))
		return value_number(s->weight) < 0 ? '-' : value_number(s->weight) > 0 ? '+' : ' ';
	return ' ';
}

static void signal_words(const struct signal_fact *s, const struct value *entry,
                         const char *rest, struct buf *out)
{
	const char *title = value_text(entry, "title"), *at;
	char *value = plain_text(s->value);

	if (s->text) {
		buf_adds(out, s->text);
	} else if (title) {
		at = strchr(title, '{');
		buf_add(out, title, at ? (size_t)(at - title) : strlen(title));
		if (at)
			buf_adds(out, rest);
		at = at ? strchr(at, '}') : NULL;
		buf_adds(out, at ? at + 1 : "");
	} else {
		buf_adds(out, s->name);
	}
	if (!s->text && value_is_number(s->value) && value_find(entry, "bands")
	    && value_number(s->value) >= 0 && value_number(s->value) <= 1)
		buf_addf(out, _(" %d of 100"), (int)(value_number(s->value) * 100 + 0.5));
	else if (!s->text && *value)
		buf_addf(out, " %s", value);
	free(value);
}

static bool about(const struct signal_fact *s, const char *field)
{
	size_t n = field ? strlen(field) : 0;

	if (!field)
		return false;
	if (s->field)
		return strcmp(s->field, field) == 0;
	return strncmp(s->name, field, n) == 0 && s->name[n] == '.';
}

static size_t each_signal(const struct item *item, const char *field, size_t most,
                          struct rows *out, bool joined)
{
	const struct proposal *p = item->review->proposal;
	size_t shown = 0;

	for (int pass = field ? 0 : 1; pass < 2; pass++)
		for (size_t i = 0; i < p->signal_count && (!most || shown < most); i++) {
			const struct signal_fact *s = &p->signals[i];
			struct buf words = BUF_INIT;
			char rest[120], push;
			const struct value *entry = dictionary_find(item->review->definition,
			                                            s->name, rest, sizeof rest);

			if (about(s, field) != (pass == 0) || !value_bool_or(entry, "show", true))
				continue;
			push = push_of(s, entry);
			signal_words(s, entry, rest, &words);
			if (!joined)
				rows_new(out);
			rows_addf(out, push == '-' ? STYLE_WARN : STYLE_PLAIN, "%s%s ",
			          !joined || shown ? " " : "",
			          push == '-' ? "−" : push == '+' ? "+" : "·");
			rows_add(out, STYLE_PLAIN, buf_str(&words));
			buf_clear(&words);
			shown++;
		}
	return shown;
}

size_t foot_signals(const struct item *item, const char *field, size_t most,
                    struct rows *out)
{
	return each_signal(item, field, most, out, false);
}

void foot_signals_row(const struct item *item, const char *field, struct rows *out)
{
	if (!item->review->proposal->signal_count)
		return;
	rows_new(out);
	rows_add(out, STYLE_DIM, _(" signals  "));
	if (!each_signal(item, field, 6, out, true))
		rows_fill(out, out->count - 1);
}

static const enum style check_styles[] = { [CHECK_PASS] = STYLE_GOOD,
	[CHECK_FAIL] = STYLE_BAD, [CHECK_NOT_RUN] = STYLE_WARN };
/* What failed first, what passed last: a cut list hides the least. */
static const enum check_result check_order[] = { CHECK_FAIL, CHECK_NOT_RUN, CHECK_PASS };

void foot_checks_row(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;

	rows_new(out);
	rows_add(out, STYLE_DIM, _(" checks  "));
	for (int pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < p->check_count; i++)
			if (p->checks[i].result == check_order[pass]) {
				rows_addf(out, check_styles[check_order[pass]], "%s %s",
				          words_check_mark(check_order[pass]), p->checks[i].name);
				rows_add(out, STYLE_PLAIN, check_order[pass] == CHECK_NOT_RUN
				         ? _(" not run  ") : "  ");
			}
	}
}

static void add_check(const struct check *c, struct rows *out)
{
	rows_new(out);
	rows_addf(out, check_styles[c->result], " %s ", words_check_mark(c->result));
	rows_addf(out, STYLE_PLAIN, "%s", c->name);
	rows_addf(out, check_styles[c->result], " %s", words_check(c->result));
	if (c->text)
		rows_addf(out, STYLE_PLAIN, " · %s", c->text);
	if (c->source)
		rows_addf(out, STYLE_DIM, " (%s)", c->source);
}

size_t foot_checks(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;

	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < p->check_count; i++)
			if (p->checks[i].result == check_order[pass])
				add_check(&p->checks[i], out);
	return p->check_count;
}

size_t foot_siblings(const struct item *item, struct rows *out)
{
	const struct value *siblings = item->review->siblings;

	for (size_t i = 0; i < value_count(siblings); i++) {
		const struct value *s = value_at(siblings, i);

		rows_new(out);
		rows_add(out, STYLE_DIM, _(" same case  "));
		rows_add(out, STYLE_PLAIN, value_text_or(s, "title",
		                           value_text_or(s, "external_id", "?")));
		rows_addf(out, STYLE_STRONG, " · %s", words_state(value_text(s, "state")));
	}
	return value_count(siblings);
}
