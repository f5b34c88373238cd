/* SPDX-License-Identifier: Apache-2.0
 *
 * Queue definitions (design: protocol, "Queue definition").
 */
#ifndef WIRE_DEFINITION_H
#define WIRE_DEFINITION_H

#include "base/err.h"
#include "model/definition.h"
#include "model/value.h"

/* Reads one definition; doc is stolen, also on error. The schema is taken as
 * it is (room schema compiles it). ERR_INVALID with the JSON pointer. */
int wire_definition_read(struct value *doc, struct definition **out, struct err *err);

#endif
