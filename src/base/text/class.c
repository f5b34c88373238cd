/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text/class.h"

#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uniwidth.h>
#include <wchar.h>

#include "base/mem.h"

enum { PAGES = 0x1100, PAGE = 256, WIDTH_SHIFT = 6, CLASS_MASK = 0x3f };

static _Atomic(unsigned char *) pages[PAGES];
static locale_t utf8_locale;
static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;

static void open_locale(void)
{
	utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static bool in(uint32_t cp, uint32_t first, uint32_t last)
{
	return cp >= first && cp <= last;
}

static bool is_variation(uint32_t cp)
{
	return in(cp, 0xfe00, 0xfe0f) || in(cp, 0xe0100, 0xe01ef)
	       || in(cp, 0x180b, 0x180d) || cp == 0x180f;
}

static bool is_zero_width(uint32_t cp)
{
	return in(cp, 0x200b, 0x200d) || cp == 0x2060 || cp == 0xfeff || cp == 0x00ad
	       || cp == 0x034f || cp == 0x180e;
}

/* Conjoining vowels and final consonants of Hangul: letters without a cell. */
static bool is_jamo_part(uint32_t cp)
{
	return in(cp, 0x1161, 0x11ff) || in(cp, 0xd7b0, 0xd7ff);
}

static enum text_class glyph_class(uint32_t cp, uint32_t category, int width)
{
	if (width < 0)
		return TEXT_CLASS_UNASSIGNED;
	if (width > 0)
		return TEXT_CLASS_PLAIN;
	if ((category & UC_CATEGORY_MASK_M) || is_jamo_part(cp))
		return TEXT_CLASS_MARK;
	return TEXT_CLASS_IGNORABLE;
}

/* The order matters: an unassigned default ignorable is an ignorable. */
static enum text_class classify(uint32_t cp, int width)
{
	uint32_t category = uc_general_category(cp).bitmask;

	if (cp < 0x20 || in(cp, 0x7f, 0x9f))
		return TEXT_CLASS_CONTROL;
	if (in(cp, 0x27e6, 0x27e7))
		return TEXT_CLASS_BRACKET;
	if (in(cp, 0x1f3fb, 0x1f3ff))
		return TEXT_CLASS_TONE;
	if (in(cp, 0xe0000, 0xe007f))
		return TEXT_CLASS_TAG;
	if (is_variation(cp))
		return TEXT_CLASS_VARIATION;
	if (uc_is_property_bidi_control(cp))
		return TEXT_CLASS_BIDI;
	if (is_zero_width(cp))
		return TEXT_CLASS_ZERO_WIDTH;
	if (uc_is_property_default_ignorable_code_point(cp))
		return TEXT_CLASS_IGNORABLE;
	if (cp == 0x2028 || cp == 0x2029)
		return TEXT_CLASS_SEPARATOR;
	if (category & UC_CATEGORY_MASK_Co)
		return TEXT_CLASS_PRIVATE;
	if (category & (UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Cs))
		return TEXT_CLASS_UNASSIGNED;
	return glyph_class(cp, category, width);
}

static unsigned char *fill_page(uint32_t number)
{
	unsigned char *page = mem_alloc(PAGE), *none = NULL;
	locale_t before = (locale_t)0;

	pthread_once(&utf8_once, open_locale);
	if (utf8_locale)
		before = uselocale(utf8_locale);
	for (uint32_t i = 0; i < PAGE; i++) {
		uint32_t cp = number * PAGE + i;
		int width = utf8_locale ? wcwidth((wchar_t)cp) : uc_width(cp, "UTF-8");
		enum text_class class = classify(cp, width);

		if (class > TEXT_CLASS_BRACKET || width < 0)
			width = 0;
		page[i] = (unsigned char)((unsigned)width << WIDTH_SHIFT | class);
	}
	if (utf8_locale)
		uselocale(before);
	if (!atomic_compare_exchange_strong(&pages[number], &none, page)) {
		free(page);
		return none;
	}
	return page;
}

enum text_class text_class(uint32_t cp, int *width)
{
	unsigned char *page = atomic_load_explicit(&pages[cp / PAGE], memory_order_acquire);
	unsigned char entry;

	if (!page)
		page = fill_page(cp / PAGE);
	entry = page[cp % PAGE];
	if (width)
		*width = entry >> WIDTH_SHIFT;
	return (enum text_class)(entry & CLASS_MASK);
}

bool text_class_emoji(uint32_t cp)
{
	return cp >= 0x80 && uc_is_property_emoji(cp)
	       && text_class(cp, NULL) <= TEXT_CLASS_TONE;
}

bool text_class_pictograph(uint32_t cp)
{
	return cp >= 0x80 && uc_is_property_extended_pictographic(cp)
	       && text_class(cp, NULL) == TEXT_CLASS_PLAIN;
}

bool text_class_transparent(uint32_t cp)
{
	return cp >= 0x80 && text_class(cp, NULL) == TEXT_CLASS_MARK
	       && uc_joining_type(cp) == UC_JOINING_TYPE_T;
}

bool text_class_joiner(uint32_t joiner, uint32_t virama, uint32_t before, uint32_t after)
{
	int left, right;

	if (virama >= 0x80 && uc_combining_class(virama) == UC_CCC_VR)
		return true;
	if (joiner != 0x200c || before < 0x80 || after < 0x80)
		return false;
	left = uc_joining_type(before);
	right = uc_joining_type(after);
	return (left == UC_JOINING_TYPE_L || left == UC_JOINING_TYPE_D)
	       && (right == UC_JOINING_TYPE_R || right == UC_JOINING_TYPE_D);
}

bool text_class_word(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
	return (uc_general_category(cp).bitmask
	        & (UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Nd)) != 0;
}

static bool among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

#define AMONG(name, names) among(name, names, sizeof(names) / sizeof *(names))

void text_scripts_add(struct text_scripts *s, uint32_t cp)
{
	static const char *const cjk[] = {
		"Han", "Hangul", "Hiragana", "Katakana", "Bopomofo"
	};
	const uc_script_t *script;

	if (cp < 0x80) {
		s->latin = s->latin || cp > '9';
		return;
	}
	if (in(cp, 0xac00, 0xd7a3) || in(cp, 0x4e00, 0x9fff)) {
		s->cjk = true;   /* most text with these has only these: keep it fast */
		return;
	}
	script = uc_script(cp);
	if (!script || strcmp(script->name, "Common") == 0
	    || strcmp(script->name, "Inherited") == 0)
		return;
	if (strcmp(script->name, "Latin") == 0)
		s->latin = true;
	else if (AMONG(script->name, cjk))
		s->cjk = true;
	else if (!s->other)
		s->other = script->name;
	else if (strcmp(s->other, script->name) != 0)
		s->other_clash = true;
}

bool text_scripts_mixed(const struct text_scripts *s)
{
	/* Scripts in general use whose letters are not taken for Latin ones. */
	static const char *const apart[] = {
		"Arabic", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati",
		"Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar",
		"Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai", "Tibetan"
	};

	if (!s->other)
		return false;
	if (s->other_clash || s->cjk)
		return true;
	return s->latin && !AMONG(s->other, apart);
}
