/* SPDX-License-Identifier: Apache-2.0
 *
 * approve, correct, reject, return and escalate from the shell: one body, five
 * rows in app/cmd/.
 */
#ifndef APP_ANSWER_H
#define APP_ANSWER_H

#include "app/command.h"
#include "model/decision.h"

/* Options of all five. */
#define ANSWER_OPTIONS \
	{ "queue", 'q', N_("QUEUE"), N_("the queue of the item, where external ids repeat") }, \
	{ "reason", 'r', N_("REASON"), N_("a reason of the kind or queue (may repeat)") }, \
	{ "message", 'm', N_("TEXT"), N_("words for the producer") }, \
	{ "note", 'n', N_("TEXT"), N_("words that stay in the house") }, \
	{ "confirm", 0, N_("TEXT"), N_("second confirmation of a high-impact action") }, \
	{ "revealed", 0, NULL, N_("I have looked at the hidden text that show marks") }, \
	{ "offline", 0, NULL, N_("record only; send at the next sync") }

int answer_run(struct command_call *call, enum outcome outcome, struct err *err);

#endif
