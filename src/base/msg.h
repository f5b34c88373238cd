/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages. _() translates now; N_() marks a string that is translated where
 * it is shown (errors, tables). TRANSLATORS: comments above a call explain it.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text

/* Sets the locale from the environment (LC_NUMERIC stays C in every process)
 * and binds the catalogue. Call once, first thing in main(). */
void msg_init(void);

#endif
