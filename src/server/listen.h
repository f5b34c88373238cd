/* SPDX-License-Identifier: Apache-2.0
 *
 * The socket that listens.
 */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include "base/err.h"

enum { LISTEN_TEXT_SIZE = 64 };   /* "[address]:port" with NUL */

/* text: "127.0.0.1:8470" or "[::1]:8470"; port 0 lets the system choose.
 * Numeric addresses only. Returns the descriptor (not blocking, close-on-exec)
 * and writes the address it has. ERR_CONFIG (malformed), ERR_BUSY (in use),
 * ERR_DENIED, ERR_IO. */
int listen_open(const char *text, char bound[LISTEN_TEXT_SIZE], struct err *err);

#endif
