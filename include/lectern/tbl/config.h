/* config.h - every setting: X(name, type, default, minimum, maximum, unit, text).
 *
 * `name` is the key in the configuration file; LECTERN_NAME in capitals overrides it from the environment
 * (DATABASE_URL and REDIS_URLS are read too). Types: text, number. From this table come the parser, `lectern serve
 * --help`, the sample file deploy/lectern.conf.sample and its check.
 */
#ifndef LECTERN_TBL_CONFIG_H
#define LECTERN_TBL_CONFIG_H

#define LECTERN_CONFIG(X) \
    X(listen, text, "0.0.0.0", 0, 0, "", "address to listen on; :: for IPv6 and IPv4") \
    X(port, number, 8080, 1, 65535, "", "TCP port") \
    X(public_url, text, "", 0, 0, "", "address people use, for links and QR codes; empty: taken from each request. An https:// address makes cookies Secure") \
    X(allowed_origins, text, "", 0, 0, "", "further origins that may open the WebSocket, separated by spaces; the page's own origin always may") \
    X(frame_ancestors, text, "'none'", 0, 0, "", "CSP frame-ancestors: who may embed the pages") \
    X(database_url, text, "", 0, 0, "", "PostgreSQL: a libpq connection string or URI") \
    X(redis_urls, text, "", 0, 0, "", "one or more independent Redis servers, separated by spaces: redis://host:port or unix:/path") \
    X(workers, number, 0, 0, 256, "", "worker processes; 0: one per core") \
    X(web_root, text, "", 0, 0, "", "folder of the built pages; empty: the installed one") \
    X(log_format, text, "logfmt", 0, 0, "", "logfmt or json") \
    X(log_level, text, "info", 0, 0, "", "error, warn, info or debug") \
    X(trusted_proxies, text, "127.0.0.1 ::1", 0, 0, "", "addresses whose X-Forwarded-For and X-Forwarded-Proto count") \
    X(connections_max, number, 15000, 16, 1000000, "", "connections per worker; beyond it new ones are turned away") \
    X(connections_per_address, number, 5000, 1, 1000000, "", "connections from one address per worker (a hall behind one address must pass); trusted proxies are not counted") \
    X(message_max, number, 16384, 1024, 65536, "bytes", "largest message a client may send") \
    X(commands_per_minute, number, 240, 1, 100000, "", "commands one connection may send, with a burst of a quarter of it; the host side may send ten times as many") \
    X(hello_ms, number, 10000, 500, 60000, "ms", "time a new connection has to say hello") \
    X(heartbeat_ms, number, 25000, 1000, 300000, "ms", "how often a quiet connection is pinged; silent for 2.5 times as long, it is closed") \
    X(slow_ms, number, 8000, 500, 60000, "ms", "how long a connection may be behind before it is closed") \
    X(tick_max_ms, number, 250, 0, 5000, "ms", "longest time between two frames of a busy room") \
    X(ring_frames, number, 256, 1, 65536, "", "frames a room keeps for clients that come back") \
    X(room_linger_ms, number, 30000, 0, 3600000, "ms", "how long a room without members stays in memory") \
    X(rooms_max, number, 20000, 1, 1000000, "", "rooms in memory per worker") \
    X(pool_threads, number, 3, 2, 64, "", "threads per worker for queries, password hashing and exports; one of them is kept free for people who join") \
    X(batch_max, number, 1000, 1, 10000, "", "commands per transaction") \
    X(queue_max, number, 20000, 10, 1000000, "", "commands waiting for the database, per worker") \
    X(patience_ms, number, 8000, 100, 60000, "ms", "how long a command waits for a database that is away") \
    X(drain_ms, number, 10000, 0, 300000, "ms", "how long a stopping server takes to send its connections away") \
    X(login_days, number, 30, 1, 365, "days", "how long a browser stays signed in")

#endif
