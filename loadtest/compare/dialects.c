/* dialects.c - the servers that pass messages on: the bare ceiling, Nchan, mosquitto, NATS, Socket.IO.
 *
 * Each is spoken to as its own documentation says, with the cheapest delivery that it has (MQTT: quality of service 0).
 */
#include <stdio.h>
#include <stdlib.h>

#include "audience.h"

#define ROOM "room"

static bool say(struct audience *audience, struct line *line, bool text, struct str bytes)
{
    if (line_send(line, text, bytes))
        return true;
    audience_wrong(audience, "a message could not be sent");
    return false;
}

/* ---- the ceiling, Nchan: the message and nothing else ---- */

static void plain_received(struct audience *audience, struct line *line, struct str payload)
{
    audience_heard(audience, line, payload);
}

static bool ceiling_publish(struct audience *audience, uint64_t number)
{
    return say(audience, &audience->lines[0], true, audience_message(audience, number));
}

static bool nchan_publish(struct audience *audience, uint64_t number)
{
    char request[2048];
    struct str message = audience_message(audience, number);
    int n =
        snprintf(request, sizeof request,
                 "POST /publish HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%.*s",
                 audience->server, message.n, (int)message.n, message.p);
    return line_send_plain(&audience->lines[audience->count], (struct str){request, (size_t)n});
}

/* ---- units that may end in the middle of a WebSocket message ---- */

/* Gives whole units to `take`, which returns the size of the first one or 0, and keeps the rest on the line. */
static void take_units(struct audience *audience, struct line *line, struct str bytes,
                       size_t (*take)(struct audience *, struct line *, struct str))
{
    bool kept = line->stream.len > 0;
    if (kept) {
        buf_put_str(&line->stream, bytes);
        bytes = buf_str(&line->stream);
    }
    size_t done = 0, n;
    while (done < bytes.n && (n = take(audience, line, (struct str){bytes.p + done, bytes.n - done})) > 0)
        done += n;
    if (line->state == LINE_CLOSED)
        return;
    if (kept) {
        memmove(line->stream.data, line->stream.data + done, line->stream.len - done);
        line->stream.len -= done;
    } else if (done < bytes.n) {
        buf_put(&line->stream, bytes.p + done, bytes.n - done);
    }
}

/* ---- MQTT 3.1.1 ---- */

static void mqtt_opened(struct audience *audience, struct line *line)
{
    /* clean session, no keep-alive, no client id */
    say(audience, line, false, STR("\x10\x0c\0\4MQTT\4\2\0\0\0\0"));
}

static void mqtt_publish_packet(struct audience *audience, struct line *line, struct str packet)
{
    const uint8_t *p = (const uint8_t *)packet.p;
    size_t topic = packet.n >= 2 ? (size_t)p[0] << 8 | p[1] : packet.n;
    if (2 + topic <= packet.n)
        audience_heard(audience, line, (struct str){packet.p + 2 + topic, packet.n - 2 - topic});
    else
        audience_wrong(audience, "an MQTT packet without a topic");
}

static size_t mqtt_take(struct audience *audience, struct line *line, struct str bytes)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t header = 1, size = 0;
    do {
        if (header == bytes.n)
            return 0;
        size |= (size_t)(p[header] & 0x7f) << (7 * (header - 1));
    } while (p[header++] & 0x80);
    if (bytes.n - header < size)
        return 0;
    switch (p[0] >> 4) {
    case 2: /* CONNACK */
        say(audience, line, false, STR("\x82\x09\0\1\0\4" ROOM "\0"));
        break;
    case 9: /* SUBACK */
        audience_ready(audience, line);
        break;
    case 3: /* PUBLISH */
        mqtt_publish_packet(audience, line, (struct str){bytes.p + header, size});
        break;
    default:
        break;
    }
    return header + size;
}

static void mqtt_received(struct audience *audience, struct line *line, struct str payload)
{
    take_units(audience, line, payload, mqtt_take);
}

static bool mqtt_publish(struct audience *audience, uint64_t number)
{
    struct str message = audience_message(audience, number);
    size_t size = 2 + sizeof ROOM - 1 + message.n;
    char packet[2048] = {0x30};
    char *p = packet + 1;
    for (size_t rest = size; rest; rest >>= 7)
        *p++ = (char)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    memcpy(p, "\0\4" ROOM, 6);
    memcpy(p + 6, message.p, message.n);
    return say(audience, &audience->lines[0], false, (struct str){packet, (size_t)(p - packet) + size});
}

/* ---- NATS ---- */

static void nats_opened(struct audience *audience, struct line *line)
{
    say(audience, line, false,
        STR("CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"1\","
            "\"protocol\":0,\"echo\":true}\r\nSUB " ROOM " 1\r\nPING\r\n"));
}

/* "MSG room 1 100" and its payload, each with an end of line. */
static size_t nats_message(struct audience *audience, struct line *line, struct str bytes, size_t head)
{
    const char *number = memrchr(bytes.p, ' ', head);
    size_t size = number ? strtoul(number, NULL, 10) : 0;
    if (bytes.n < head + size + 2)
        return 0;
    audience_heard(audience, line, (struct str){bytes.p + head, size});
    return head + size + 2;
}

static size_t nats_take(struct audience *audience, struct line *line, struct str bytes)
{
    const char *end = memmem(bytes.p, bytes.n, "\r\n", 2);
    if (!end)
        return 0;
    size_t n = (size_t)(end + 2 - bytes.p);
    if (memcmp(bytes.p, "MS", 2) == 0)
        return nats_message(audience, line, bytes, n);
    if (memcmp(bytes.p, "PO", 2) == 0)
        audience_ready(audience, line);
    else if (memcmp(bytes.p, "PI", 2) == 0)
        say(audience, line, false, STR("PONG\r\n"));
    else if (memcmp(bytes.p, "-E", 2) == 0)
        audience_wrong(audience, "NATS says: %.*s", (int)n - 2, bytes.p);
    return n;
}

static void nats_received(struct audience *audience, struct line *line, struct str payload)
{
    take_units(audience, line, payload, nats_take);
}

static bool nats_publish(struct audience *audience, uint64_t number)
{
    char command[2048];
    struct str message = audience_message(audience, number);
    int n = snprintf(command, sizeof command, "PUB " ROOM " %zu\r\n%.*s\r\n", message.n, (int)message.n, message.p);
    return say(audience, &audience->lines[0], false, (struct str){command, (size_t)n});
}

/* ---- Socket.IO 4 (engine.io 4): packets are text that begins with digits ---- */

static bool begins(struct str s, const char *with)
{
    return s.n >= strlen(with) && memcmp(s.p, with, strlen(with)) == 0;
}

static void socketio_received(struct audience *audience, struct line *line, struct str payload)
{
    static const char event[] = "42[\"m\",\"";
    if (begins(payload, event))
        audience_heard(audience, line, (struct str){payload.p + sizeof event - 1, payload.n - (sizeof event - 1)});
    else if (begins(payload, "0"))
        say(audience, line, true, STR("40"));
    else if (begins(payload, "40"))
        audience_ready(audience, line);
    else if (begins(payload, "2"))
        say(audience, line, true, STR("3"));
}

static bool socketio_publish(struct audience *audience, uint64_t number)
{
    char event[2048];
    struct str message = audience_message(audience, number);
    int n = snprintf(event, sizeof event, "42[\"publish\",\"%.*s\"]", (int)message.n, message.p);
    return say(audience, &audience->lines[0], true, (struct str){event, (size_t)n});
}

static const struct dialect others[] = {
    {"ceiling", "/", NULL, false, audience_ready, plain_received, ceiling_publish},
    {"nchan", "/subscribe", NULL, true, audience_ready, plain_received, nchan_publish},
    {"mosquitto", "/mqtt", "mqtt", false, mqtt_opened, mqtt_received, mqtt_publish},
    {"nats", "/", NULL, false, nats_opened, nats_received, nats_publish},
    {"socketio", "/socket.io/?EIO=4&transport=websocket", NULL, false, NULL, socketio_received, socketio_publish},
};
const struct dialect *const dialects[] = {&dialect_lectern, &others[0], &others[1], &others[2],
                                          &others[3],       &others[4], NULL};
