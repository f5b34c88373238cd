/* SPDX-License-Identifier: Apache-2.0
 *
 * The server as the subcommands that need no store see it: one question, one
 * answer, problems turned into errors.
 */
#ifndef APP_SERVER_CALL_H
#define APP_SERVER_CALL_H

#include "app/config.h"
#include "base/err.h"
#include "model/value.h"
#include "net/transport.h"

/* Opens the transport to the configured server with the token of the
 * configured file. ERR_CONFIG: none is configured (the error says how);
 * ERR_DENIED: others can read the token file. */
int server_open(const struct config *config, struct transport **out, struct err *err);

/* Sends body (borrowed; NULL: none) and reads the answer (the caller's; NULL
 * where out is NULL). A problem document becomes an error with its detail and
 * pointer: ERR_DENIED 401 403, ERR_NOT_FOUND 404, ERR_CONFLICT 409,
 * ERR_LIMIT 413, ERR_INVALID 400 422, ERR_FULL 507, ERR_OFFLINE no answer,
 * 429, 503 and answers that are no JSON. status, where not NULL, gets the
 * HTTP status. */
int server_call(struct transport *t, enum transport_method method, const char *path,
                const struct value *body, struct value **out, int *status,
                struct err *err);
/* The same for a body that is text already. */
int server_call_text(struct transport *t, enum transport_method method, const char *path,
                     const char *body, size_t len, struct value **out, int *status,
                     struct err *err);

#endif
