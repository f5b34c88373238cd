/* SPDX-License-Identifier: Apache-2.0
 *
 * Events of a server or helper process: one line an event on stderr,
 *   2026-11-02T13:27:26.000Z info decision.accepted review=0193… by=reviewer-1
 * Values are made safe (control, bidi and invisible characters become tokens,
 * spaces are quoted), so nothing from outside can forge a line or drive a
 * terminal. Secrets are never passed here.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are dropped; LOG_INFO at start. */
void log_set_level(enum log_level least);
/* event: "area.what"; then pairs of const char * key, value; then NULL.
 * A NULL value leaves its pair out. */
void log_event(enum log_level level, const char *event, ...)
	__attribute__((sentinel));

#endif
