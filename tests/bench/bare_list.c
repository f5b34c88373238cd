/* SPDX-License-Identifier: Apache-2.0
 *
 * bare_list [DATABASE QUEUE REPORT]: the yardstick of F1, F2 and F9. A bare
 * ncurses program that answers a key by painting the screen it was handed on
 * descriptor 3 (see keys.c): the same cells as the desk, and nothing else. With
 * DATABASE it first commits one decision (see bare_commit.h); REPORT gets what
 * the commits alone took.
 */
#include <stddef.h>

#include "bench/bare_commit.h"
#include "bench/frame.h"

int main(int argc, char **argv)
{
	struct bare_commit *commits = NULL;

	if (argc != 1 && argc != 4)
		return 2;
	if (argc == 4 && !(commits = bare_commit_open(argv[1], argv[2])))
		return 1;
	if (!frame_take())
		return 1;
	frame_open();
	/* The frame is at hand before its key comes. */
	for (frame_paint(); frame_take() && frame_key() != 'q'; frame_paint())
		if (commits && !bare_commit_one(commits))
			break;
	frame_close();
	return commits && !bare_commit_close(commits, argv[3]);
}
