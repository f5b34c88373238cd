/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests: a transport to a fake_server, either in this process or, so that
 * this process may die, at the other end of a socket.
 */
#ifndef TESTS_FAKE_TRANSPORT_H
#define TESTS_FAKE_TRANSPORT_H

#include "fake_server.h"
#include "net/transport.h"

/* The server answers when the transport is stepped. Borrows it. */
struct transport *fake_transport_new(struct fake_server *f);
/* The server is served by fake_transport_serve() on the other end of fd. */
struct transport *fake_transport_remote(int fd);
/* Answers requests from fd until the other end is closed. */
void fake_transport_serve(struct fake_server *f, int fd);

#endif
