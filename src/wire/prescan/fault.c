/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/prescan/fault.h"

#include "base/msg.h"

static const struct {
	const char *name, *words;
	enum err_code code;
} faults[] = {
	[PRESCAN_NONE] = { "none", "", ERR_NONE },
	[PRESCAN_SYNTAX] = { "syntax", N_("this is not JSON: unexpected character"), ERR_INVALID },
	[PRESCAN_END] = { "end", N_("this is not JSON: the text ends too early"), ERR_INVALID },
	[PRESCAN_TRAILING] = { "trailing", N_("something follows the JSON document"), ERR_INVALID },
	[PRESCAN_UTF8] = { "utf8", N_("the text is not valid UTF-8"), ERR_INVALID },
	[PRESCAN_CONTROL] = { "control", N_("a control character stands inside a string"), ERR_INVALID },
	[PRESCAN_ESCAPE] = { "escape", N_("unknown or incomplete escape in a string"), ERR_INVALID },
	[PRESCAN_SURROGATE] = { "surrogate", N_("half of a surrogate pair in a string"), ERR_INVALID },
	[PRESCAN_NUL] = { "nul", N_("the character U+0000 is not accepted"), ERR_INVALID },
	[PRESCAN_DUPLICATE] = { "duplicate", N_("a member stands twice in one object"), ERR_INVALID },
	[PRESCAN_INTEGER] = { "integer", N_("an integer is larger than 9007199254740991; send it as a string"), ERR_INVALID },
	[PRESCAN_DIGITS] = { "digits", N_("a number has more than 17 significant digits; send it as a string"), ERR_INVALID },
	[PRESCAN_OVERFLOW] = { "overflow", N_("a number is too large"), ERR_INVALID },
	[PRESCAN_UNDERFLOW] = { "underflow", N_("a number is too small and would become zero"), ERR_INVALID },
	[PRESCAN_BYTES] = { "bytes", N_("the document is too long"), ERR_LIMIT },
	[PRESCAN_NODES] = { "nodes", N_("the document has too many values"), ERR_LIMIT },
	[PRESCAN_DEPTH] = { "depth", N_("the document is nested too deeply"), ERR_LIMIT },
	[PRESCAN_ITEMS] = { "items", N_("the batch has too many items"), ERR_LIMIT },
};

const char *prescan_fault_name(enum prescan_fault fault)
{
	return faults[fault].name;
}

int prescan_fault_set(enum prescan_fault fault, struct err *err)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	return err_set(err, faults[fault].code, faults[fault].words);
#pragma GCC diagnostic pop
}
