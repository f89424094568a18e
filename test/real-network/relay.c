/*
 * A bad path between two network namespaces. It holds a TUN device in each, reads the IP packets that the kernel sends there,
 * and hands each to the other namespace later, or never. Both ends are the kernel's own TCP: what is lost here is really
 * sent again, with the kernel's windows, time-outs and acknowledgements.
 *
 *   relay SERVER_NAMESPACE CLIENT_NAMESPACE DEVICE SEED
 *
 * It writes "ready" when both devices are there, obeys a line of standard input at once, and ends with standard input.
 *
 *   down|up|both KEY VALUE [KEY VALUE ...]   from now on, in this direction; "down" is towards the clients
 *       delay MS       one way
 *       jitter MS      how far the delay strays to either side, uniformly, for each packet by itself
 *       loss PART      of all packets, each by itself
 *       fifo 0|1       1: no packet overtakes another of the same client, as behind a queue that grows and shrinks
 *       rate BYTES     a second, of each client by itself; 0: no limit
 *       queue BYTES    what may wait before that narrow place; what comes when it is full is lost
 *       bad MS         mean length of a burst, exponentially distributed, in which every packet is lost; 0: no bursts
 *       good MS        mean time from one burst to the next
 *       out MS         nothing gets through for this long, from now on
 *   count            answers with a line for each client, and with how late it was itself, then "counted":
 *       client OCTET down PACKETS BYTES LOST up PACKETS BYTES LOST
 *       late MEAN MOST
 *     PACKETS and BYTES are what was sent, the lost included; bytes from the IP header on. Milliseconds from when a packet was
 *     due to when it was handed over, of all since the last counting: where they are more than a few, the machine is too busy.
 *
 * A client is the last octet of its address. Each has queues and bursts of its own in each direction: what happens to one
 * does not happen to the others in the same moment, but all connections of one client suffer together.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { DOWN, UP, DIRECTIONS };
enum { CLIENTS = 256, MAX_PACKET = 65536, MAX_LINE = 4096 };
/* IPv4: the version is the first byte's upper half; the last octets of source and destination. */
enum { IP_HEADER = 20, IP_VERSION = 4, SOURCE_OCTET = 15, DESTINATION_OCTET = 19 };

/* What a direction is like. Times in milliseconds. */
struct direction {
  double delay, jitter, loss, rate, queue, bad, good, out_until;
  int is_fifo;
};

/* One client's share of a direction. */
struct lane {
  double last_due;    /* when the last packet arrives: nothing overtakes it in a fifo */
  double line_free;   /* when the narrow place has let through all that waits before it */
  double state_until; /* when the burst, or the time between two, ends; 0: not begun */
  int is_bad;
  uint64_t packets, bytes, lost;
};

struct packet {
  double due;
  uint64_t number; /* those that are due together leave in the order in which they came */
  int towards, length;
  unsigned char *bytes;
};

static struct direction directions[DIRECTIONS];
static struct lane lanes[DIRECTIONS][CLIENTS];

/* Packets under way: a binary heap, the next one that is due first. */
static struct packet *heap;
static int heap_size, heap_room;
static uint64_t next_number;

/* How late packets were handed over since the last counting. */
static struct {
  double sum, most;
  uint64_t packets;
} lateness;

static void fail(const char *what) {
  fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/* From 0 to below 1. */
static double chance(void) { return drand48(); }

static double exponential(double mean) { return -mean * log(1 - chance()); }

static int is_earlier(const struct packet *one, const struct packet *other) {
  if (one->due != other->due) return one->due < other->due;
  return one->number < other->number;
}

static void heap_add(struct packet added) {
  if (heap_size == heap_room) {
    heap_room = heap_room == 0 ? 1024 : heap_room * 2;
    heap = realloc(heap, heap_room * sizeof *heap);
    if (heap == NULL) fail("memory");
  }
  int place = heap_size++;
  while (place > 0) {
    int above = (place - 1) / 2;
    if (!is_earlier(&added, &heap[above])) break;
    heap[place] = heap[above];
    place = above;
  }
  heap[place] = added;
}

static struct packet heap_take(void) {
  struct packet first = heap[0], last = heap[--heap_size];
  int place = 0;
  for (int below = 1; below < heap_size; below = 2 * place + 1) {
    if (below + 1 < heap_size && is_earlier(&heap[below + 1], &heap[below])) below++;
    if (!is_earlier(&heap[below], &last)) break;
    heap[place] = heap[below];
    place = below;
  }
  heap[place] = last;
  return first;
}

/* A device belongs to the namespace that the process is in when it makes it, and stays there. */
static int open_device(const char *namespace, const char *device) {
  char path[256];
  snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
  int entry = open(path, O_RDONLY | O_CLOEXEC);
  if (entry < 0 || setns(entry, CLONE_NEWNET) < 0) fail(path);
  close(entry);
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tun < 0) fail("/dev/net/tun");
  struct ifreq request = {0};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
  if (ioctl(tun, TUNSETIFF, &request) < 0) fail(device);
  return tun;
}

/* Moves a lane from burst to calm and back, up to a time. */
static int is_in_burst(const struct direction *direction, struct lane *lane, double time) {
  if (direction->bad <= 0) return 0;
  if (lane->state_until == 0) lane->state_until = time + exponential(direction->good);
  while (time >= lane->state_until) {
    lane->is_bad = !lane->is_bad;
    lane->state_until += exponential(lane->is_bad ? direction->bad : direction->good);
  }
  return lane->is_bad;
}

/* When a packet has left the narrow place; negative: there is no room for it to wait. */
static double time_behind_queue(const struct direction *direction, struct lane *lane, double time, int length) {
  if (direction->rate <= 0) return time;
  if (lane->line_free < time) lane->line_free = time;
  double waiting_bytes = (lane->line_free - time) / 1000 * direction->rate;
  if (waiting_bytes + length > direction->queue) return -1;
  lane->line_free += length / direction->rate * 1000;
  return lane->line_free;
}

/* A packet of the kernel's sets out. */
static void send_on(int towards, const unsigned char *bytes, int length) {
  /* The kernel asks for IPv6 neighbours, too, that are not there. */
  if (length < IP_HEADER || bytes[0] >> 4 != IP_VERSION) return;
  const struct direction *direction = &directions[towards];
  struct lane *lane = &lanes[towards][bytes[towards == DOWN ? DESTINATION_OCTET : SOURCE_OCTET]];
  double time = now();
  lane->packets++;
  lane->bytes += length;
  double left = -1;
  int is_lost = is_in_burst(direction, lane, time) || time < direction->out_until || chance() < direction->loss;
  if (!is_lost) left = time_behind_queue(direction, lane, time, length);
  if (left < 0) {
    lane->lost++;
    return;
  }
  double way = direction->delay + (2 * chance() - 1) * direction->jitter;
  double due = left + fmax(0, way);
  if (direction->is_fifo) due = fmax(due, lane->last_due);
  lane->last_due = due;
  struct packet packet = {due, next_number++, towards, length, malloc(length)};
  if (packet.bytes == NULL) fail("memory");
  memcpy(packet.bytes, bytes, length);
  heap_add(packet);
}

static void set(struct direction *direction, const char *key, double value) {
  if (strcmp(key, "delay") == 0) direction->delay = value;
  else if (strcmp(key, "jitter") == 0) direction->jitter = value;
  else if (strcmp(key, "loss") == 0) direction->loss = value;
  else if (strcmp(key, "fifo") == 0) direction->is_fifo = value != 0;
  else if (strcmp(key, "rate") == 0) direction->rate = value;
  else if (strcmp(key, "queue") == 0) direction->queue = value;
  else if (strcmp(key, "bad") == 0) direction->bad = value;
  else if (strcmp(key, "good") == 0) direction->good = value;
  else if (strcmp(key, "out") == 0) direction->out_until = now() + value;
  else {
    fprintf(stderr, "relay: there is no key %s\n", key);
    exit(1);
  }
}

static void tell_counts(void) {
  for (int client = 0; client < CLIENTS; client++) {
    const struct lane *down = &lanes[DOWN][client], *up = &lanes[UP][client];
    if (down->packets + up->packets == 0) continue;
    printf("client %d down %lu %lu %lu up %lu %lu %lu\n", client, down->packets, down->bytes, down->lost, up->packets,
           up->bytes, up->lost);
  }
  printf("late %.3f %.3f\n", lateness.packets == 0 ? 0 : lateness.sum / lateness.packets, lateness.most);
  memset(&lateness, 0, sizeof lateness);
  printf("counted\n");
  fflush(stdout);
}

static void obey(char *line) {
  char *rest = NULL, *word = strtok_r(line, " \r", &rest);
  if (word == NULL) return;
  if (strcmp(word, "count") == 0) {
    tell_counts();
    return;
  }
  int is_both = strcmp(word, "both") == 0;
  for (char *key; (key = strtok_r(NULL, " \r", &rest)) != NULL;) {
    char *value = strtok_r(NULL, " \r", &rest);
    if (value == NULL) break;
    if (is_both || strcmp(word, "down") == 0) set(&directions[DOWN], key, atof(value));
    if (is_both || strcmp(word, "up") == 0) set(&directions[UP], key, atof(value));
  }
}

/* Obeys all whole lines that have come. @returns 0 when no more will come. */
static int read_orders(void) {
  static char text[MAX_LINE];
  static int length;
  int count = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (count <= 0) return count < 0 && (errno == EAGAIN || errno == EINTR);
  length += count;
  text[length] = 0;
  for (char *end; (end = strchr(text, '\n')) != NULL;) {
    *end = 0;
    obey(text);
    length -= end + 1 - text;
    memmove(text, end + 1, length + 1);
  }
  return 1;
}

/* Hands over what is due. A device that is full, or not up yet, loses the packet as any would. */
static void hand_over(const int tuns[DIRECTIONS]) {
  while (heap_size > 0 && heap[0].due <= now()) {
    struct packet packet = heap_take();
    double late = now() - packet.due;
    lateness.sum += late;
    lateness.most = fmax(lateness.most, late);
    lateness.packets++;
    if (write(tuns[packet.towards], packet.bytes, packet.length) < 0 && errno != EIO && errno != EAGAIN) fail("write");
    free(packet.bytes);
  }
}

int main(int count, char **words) {
  if (count != 5) {
    fprintf(stderr, "relay SERVER_NAMESPACE CLIENT_NAMESPACE DEVICE SEED\n");
    return 1;
  }
  srand48(atol(words[4]));
  /* Wakes within a microsecond of what is due, not within the usual 50. */
  prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);
  /* Before everything else that the machine does, where that is allowed: a real path does not wait for it either. */
  struct sched_param foremost = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_RR, &foremost);
  int server = open_device(words[1], words[3]);
  int clients = open_device(words[2], words[3]);
  /* Where packets of a direction are handed over; they come from the other one. */
  const int tuns[DIRECTIONS] = {[DOWN] = clients, [UP] = server};
  printf("ready\n");
  fflush(stdout);
  static unsigned char bytes[MAX_PACKET];
  for (;;) {
    hand_over(tuns);
    double wait_ms = heap_size > 0 ? fmax(0, heap[0].due - now()) : 1000;
    struct timespec wait = {wait_ms / 1000, fmod(wait_ms, 1000) * 1e6};
    struct pollfd sources[] = {{clients, POLLIN, 0}, {server, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    if (ppoll(sources, 3, &wait, NULL) < 0) {
      if (errno == EINTR) continue;
      fail("poll");
    }
    /* From the clients' device, packets go up; from the server's, down. */
    for (int length; sources[0].revents && (length = read(clients, bytes, sizeof bytes)) > 0;) send_on(UP, bytes, length);
    for (int length; sources[1].revents && (length = read(server, bytes, sizeof bytes)) > 0;) send_on(DOWN, bytes, length);
    if (sources[2].revents && !read_orders()) return 0;
  }
}
