/* SPDX-License-Identifier: Apache-2.0
 *
 * Looks of the styles: attributes that every terminal has, colour beside them
 * where there is some and NO_COLOR is not set.
 */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include <curses.h>

#include "view/rows.h"

/* After the terminal was taken. */
void style_init(void);
attr_t style_attributes(enum style style);
short style_pair(enum style style);

#endif
