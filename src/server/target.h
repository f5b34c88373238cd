/* SPDX-License-Identifier: Apache-2.0
 *
 * A request target that the guard let pass, taken apart: path and query.
 */
#ifndef SERVER_TARGET_H
#define SERVER_TARGET_H

#include "base/err.h"
#include "model/value.h"

/* The decoded path without the query; char * is the caller's. ERR_INVALID
 * where it is not UTF-8. */
int target_path(const char *target, char **out, struct err *err);
/* The query as an object of strings (never NULL on success; the caller's).
 * "+" is a space. ERR_INVALID where a name is empty or repeated or the text is
 * not UTF-8; where names the parameter as "?name". */
int target_query(const char *target, struct value **out, struct err *err);

#endif
