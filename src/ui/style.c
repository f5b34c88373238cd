/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/style.h"

#include <stdlib.h>

static const struct { attr_t attributes; short colour; } looks[STYLE_COUNT] = {
	[STYLE_PLAIN] = { A_NORMAL, -1 },
	[STYLE_DIM] = { A_DIM, -1 },
	[STYLE_STRONG] = { A_BOLD, -1 },
	[STYLE_TITLE] = { A_BOLD, -1 },
	[STYLE_HEADER] = { A_NORMAL, -1 },
	[STYLE_TEST] = { A_REVERSE | A_BOLD, COLOR_YELLOW },
	[STYLE_RULE] = { A_DIM, -1 },
	[STYLE_ASKED] = { A_BOLD, COLOR_YELLOW },
	[STYLE_GOOD] = { A_NORMAL, COLOR_GREEN },
	[STYLE_BAD] = { A_BOLD, COLOR_RED },
	[STYLE_WARN] = { A_BOLD, COLOR_YELLOW },
	[STYLE_MARK] = { A_REVERSE, -1 },
	[STYLE_CANDIDATE] = { A_UNDERLINE, COLOR_CYAN },
	[STYLE_TOKEN] = { A_REVERSE | A_BOLD, COLOR_MAGENTA },
	[STYLE_KEY] = { A_BOLD, COLOR_CYAN },
	[STYLE_OFF] = { A_DIM, -1 },
	[STYLE_CARET] = { A_REVERSE, -1 },
	[STYLE_SELECTED] = { A_REVERSE, -1 },
};

static bool coloured;

void style_init(void)
{
	const char *no_color = getenv("NO_COLOR");

	coloured = has_colors() && !(no_color && *no_color) && start_color() == OK
		&& use_default_colors() == OK;
	for (short i = 1; coloured && i < STYLE_COUNT; i++)
		if (looks[i].colour >= 0)
			init_pair(i, looks[i].colour, -1);
}

attr_t style_attributes(enum style style)
{
	return looks[style].attributes;
}

short style_pair(enum style style)
{
	return coloured && looks[style].colour >= 0 ? (short)style : 0;
}
