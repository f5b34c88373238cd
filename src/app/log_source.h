/* SPDX-License-Identifier: Apache-2.0
 *
 * The server's log over the wire, as room audit reads it.
 */
#ifndef APP_LOG_SOURCE_H
#define APP_LOG_SOURCE_H

#include "audit/audit.h"
#include "net/transport.h"

/* The source borrows the transport. */
void log_source_init(struct audit_source *source, struct transport *t);

#endif
