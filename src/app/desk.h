/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk on a terminal: store, sync, use cases and screen in one poll loop.
 */
#ifndef APP_DESK_H
#define APP_DESK_H

#include "app/config.h"
#include "base/err.h"

/* Opens the desk and returns when the person leaves it. mark: "TEST",
 * "PRACTICE" or "", shown in every header. ERR_UNSUPPORTED: no terminal or a
 * useless one; ERR_BUSY: another desk has the store; ERR_CONFIG. What was held
 * back for an undo is sendable when this returns. */
int desk_open(const struct config *config, const char *mark, struct err *err);

#endif
