/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app/desk_state.h"
#include "app/server_call.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "model/role.h"
#include "store/command.h"
#include "view/words.h"
#include "work/open.h"

enum {
	FACTS_MS = 1000,       /* the clock on the screen */
	LEAVE_MS = 3000        /* sending what is left when leaving */
};
enum { SLOT_INPUT, SLOT_SIGNAL, SLOT_SYNC };

static enum facts_link link_of(enum sync_link link)
{
	switch (link) {
	case SYNC_LINK_ONLINE:
		return FACTS_ONLINE;
	case SYNC_LINK_OFFLINE:
		return FACTS_OFFLINE;
	case SYNC_LINK_REFUSED:
		return FACTS_REFUSED;
	case SYNC_LINK_ALARM:
		return FACTS_ALARM;
	default:
		return FACTS_UNTRIED;
	}
}

static void facts_of_link(struct desk *d)
{
	const struct sync_status *s = sync_status(d->sync);
	struct facts *f = &d->facts;

	f->link = link_of(s->link);
	f->link_since_ms = s->since_ms;
	f->skew_ms = s->skew_known ? s->skew_ms : 0;
	f->skew_warn = s->skew_warn;
	f->link_words[0] = '\0';
	if (s->link != SYNC_LINK_ONLINE && s->link != SYNC_LINK_UNTRIED)
		err_words(&s->why, f->link_words, sizeof f->link_words);
}

/* "approved: …", "skipped: …": what the last act was, and on what. */
static void last_words(const struct work_status *status, char *out, size_t size)
{
	const char *done = status->last_is_decision ? words_outcome_done(status->last_outcome)
		: words_disposition_done(status->last_disposition);
	char *words = mem_printf("%s: %s", done, status->last_summary[0] ? status->last_summary
	                         : status->last_external_id);

	utf8_copy(out, size, words);
	free(words);
}

static void facts_of_work(struct desk *d)
{
	struct facts *f = &d->facts;
	struct work_status status;
	char *person = NULL;

	if (work_status(d->work, f->boot_ms, &status, NULL) != 0)
		return;
	f->waiting = status.held + status.waiting + status.received;
	f->refused = status.refused;
	f->last[0] = '\0';
	f->undo_boot_ms = 0;
	if (status.has_last) {
		last_words(&status, f->last, sizeof f->last);
		if (status.last_held)
			f->undo_boot_ms = f->boot_ms + status.undo_left_s * 1000;
	}
	if (!f->person[0] && store_fact(d->store, "principal", &person, NULL) == 0 && person)
		utf8_copy(f->person, sizeof f->person, person);
	free(person);
}

/* Facts are read again when something moved, and each second. */
static void refresh_facts(struct desk *d)
{
	uint64_t generation = store_generation(d->store, STORE_TOPIC_OUTBOX)
		+ store_generation(d->store, STORE_TOPIC_SYNC);
	int64_t boot_ms = clock_boot_ms();

	if (generation == d->facts_seen && sync_generation(d->sync) == d->sync_seen
	    && boot_ms - d->facts_boot_ms < FACTS_MS)
		return;
	d->facts_seen = generation;
	d->sync_seen = sync_generation(d->sync);
	d->facts_boot_ms = boot_ms;
	d->facts.now_ms = clock_now_ms();
	d->facts.boot_ms = boot_ms;
	facts_of_link(d);
	facts_of_work(d);
	ui_set_facts(d->ui, &d->facts);
}

/* What the person may do at this desk: the union over their queues. */
static unsigned my_roles(const struct home *h)
{
	unsigned set = 0;

	for (size_t i = 0; i < h->queues->count; i++) {
		char *roles = mem_strdup(h->queues->items[i].roles), *save = NULL;

		for (char *w = strtok_r(roles, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
			enum role role;

			if (role_find(w, &role))
				set = role_set_add(set, role);
		}
		free(roles);
	}
	return set;
}

static int64_t open_in_queue(const struct desk *d)
{
	struct item *item = ui_item(d->ui);

	for (size_t i = 0; item && i < d->home->queues->count; i++)
		if (strcmp(d->home->queues->items[i].name, item->review->proposal->queue) == 0)
			return d->home->queues->items[i].open;
	return -1;
}

static void refresh_views(struct desk *d)
{
	struct err err = ERR_INIT;
	int64_t open;

	home_refresh(d->home, &err);
	ui_set_roles(d->ui, my_roles(d->home));
	open = open_in_queue(d);
	if (open != d->facts.queue_open) {
		d->facts.queue_open = open;
		ui_set_facts(d->ui, &d->facts);
	}
	if (d->listing)
		listing_refresh(d->listing, &err);
	if (d->outbox)
		outbox_view_refresh(d->outbox, &err);
	if (err.code != ERR_NONE)
		ui_say_error(d->ui, &err);
}

static int earlier(int a, int b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

static void stop_for_a_while(struct desk *d)
{
	work_release_all(d->work, NULL);
	ui_suspend(d->ui);
	raise(SIGSTOP);
	ui_resume(d->ui);
}

static void take_signals(struct desk *d, int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == sizeof info) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			ui_resize(d->ui);
			break;
		case SIGTSTP:
			stop_for_a_while(d);
			break;
		case SIGINT:
			ui_say(d->ui, true, _("Ctrl-C does nothing here: q goes back, :quit leaves"));
			break;
		default:
			d->quit = d->stopped = true;
			break;
		}
	}
}

static bool input_waits(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&in, 1, 0) > 0;
}

/* Keys up to the first that wants something, then what it wants, and on: the
 * rest may wait inside the process, where poll() does not see it. */
static void take_keys(struct desk *d)
{
	struct intent intent = INTENT_INIT;
	bool more = true;

	/* Who went on does not want an item to open under the fingers. */
	d->wants_next = false;
	while (more && !d->quit) {
		more = ui_input(d->ui);
		while (!d->quit && ui_intent(d->ui, &intent))
			desk_act(d, &intent);
	}
}

/* Everything that no key waits for. */
static void background(struct desk *d)
{
	struct err err = ERR_INIT;

	while (sync_step(d->sync, clock_boot_ms()) && !input_waits())
		;
	if (work_tick(d->work, clock_boot_ms(), &err) != 0)
		ui_say_error(d->ui, &err);
	desk_watch(d);
	refresh_views(d);
	refresh_facts(d);
	ui_paint(d->ui);
	if (ui_item(d->ui) && !input_waits()) {
		desk_look_ahead(d);
		ui_paint(d->ui);
	}
}

/* One turn: wait, keys first, then a slice of everything else. */
static void turn(struct desk *d, int signals)
{
	struct pollfd fds[SLOT_SYNC + TRANSPORT_FDS] = {
		[SLOT_INPUT] = { .fd = STDIN_FILENO, .events = POLLIN },
		[SLOT_SIGNAL] = { .fd = signals, .events = POLLIN },
	};
	size_t n = sync_pollfds(d->sync, fds + SLOT_SYNC, TRANSPORT_FDS);
	int64_t boot_ms = clock_boot_ms();
	int64_t hold_ms = work_next_ms(d->work, boot_ms);
	int timeout = earlier(ui_timeout_ms(d->ui), sync_timeout_ms(d->sync, boot_ms));
	int ready;

	timeout = earlier(timeout, FACTS_MS);
	timeout = earlier(timeout, hold_ms < 0 ? -1 : hold_ms > FACTS_MS ? FACTS_MS : (int)hold_ms);
	ready = poll(fds, SLOT_SYNC + n, timeout);
	if (ready > 0 && fds[SLOT_SIGNAL].revents)
		take_signals(d, signals);
	if (ready > 0 && fds[SLOT_INPUT].revents & POLLIN)
		take_keys(d);
	/* A terminal that is gone stays readable for ever. */
	if (ready > 0 && fds[SLOT_INPUT].revents & (POLLHUP | POLLERR))
		d->quit = d->stopped = true;
	refresh_facts(d);
	ui_paint(d->ui);
	background(d);
	if (ready == 0)
		store_idle(d->store);
}

/* What was held goes out, as far as that takes no patience. */
static void leave(struct desk *d)
{
	int64_t until = clock_boot_ms() + LEAVE_MS;
	struct store_counts counts;

	work_showing(d->work, NULL, NULL);
	work_release_all(d->work, NULL);
	if (d->stopped || sync_status(d->sync)->link != SYNC_LINK_ONLINE)
		return;
	sync_quiet(d->sync);
	sync_wake(d->sync);
	while (clock_boot_ms() < until && store_counts(d->store, &counts, NULL) == 0
	       && counts.acts[STORE_WAITING] > 0) {
		struct pollfd fds[TRANSPORT_FDS];
		size_t n = sync_pollfds(d->sync, fds, TRANSPORT_FDS);

		if (!sync_step(d->sync, clock_boot_ms()))
			poll(fds, n, earlier(sync_timeout_ms(d->sync, clock_boot_ms()), 50));
	}
}

static int open_signals(sigset_t *old)
{
	static const int list[] = { SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		sigaddset(&set, list[i]);
	sigprocmask(SIG_BLOCK, &set, old);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int open_all(struct desk *d, const struct config *config, const char *mark,
                    struct err *err)
{
	bool first_use;
	char *seen = NULL;
	int rc = ui_check(err);

	if (rc == 0)
		rc = server_open(config, &d->transport, err);
	if (rc == 0)
		rc = store_open(config->store, &d->store, err);
	if (rc != 0)
		return rc;
	utf8_copy(d->facts.mark, sizeof d->facts.mark, mark);
	utf8_copy(d->facts.server, sizeof d->facts.server, config->server);
	d->work = work_new(d->store, true);
	d->sync = sync_new(d->store, d->transport, NULL);
	rc = store_preference(d->store, "home.seen", &seen, err);
	first_use = !seen;
	if (rc == 0)
		rc = home_new(d->store, seen ? strtoll(seen, NULL, 10) : 0, first_use, &d->home, err);
	free(seen);
	if (rc == 0)
		rc = ui_open(NULL, &d->ui, err);
	if (rc != 0)
		return rc;
	refresh_facts(d);
	ui_set_home(d->ui, d->home);
	ui_set_roles(d->ui, my_roles(d->home));
	ui_show_home(d->ui);
	ui_paint(d->ui);
	return 0;
}

static void remember_visit(struct desk *d)
{
	char *text;

	if (!d->home)
		return;
	text = mem_printf("%lld", (long long)home_newest(d->home));
	store_preference_set(d->store, "home.seen", text, NULL);
	free(text);
}

static void close_all(struct desk *d)
{
	ui_close(d->ui);
	remember_visit(d);
	listing_free(d->listing);
	outbox_view_free(d->outbox);
	home_free(d->home);
	sync_free(d->sync);
	work_free(d->work);
	transport_close(d->transport);
	store_close(d->store);
	free(d->queue);
}

int desk_open(const struct config *config, const char *mark, struct err *err)
{
	struct desk d = { .quit = false };
	sigset_t old;
	int signals = open_signals(&old);
	int rc = open_all(&d, config, mark, err);

	if (rc == 0) {
		background(&d);
		while (!d.quit)
			turn(&d, signals);
		leave(&d);
	}
	close_all(&d);
	close(signals);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return rc;
}
