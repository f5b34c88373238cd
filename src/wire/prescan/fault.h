/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults of the pre-scan in words.
 */
#ifndef WIRE_PRESCAN_FAULT_H
#define WIRE_PRESCAN_FAULT_H

#include "base/err.h"
#include "wire/prescan.h"

/* Records the fault as an error (err may be NULL); returns its code. */
int prescan_fault_set(enum prescan_fault fault, struct err *err);

#endif
