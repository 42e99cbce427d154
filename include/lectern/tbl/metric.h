/* metric.h - every metric: X(name, type, text). Types: counter, gauge. Served at /metrics as lectern_<name>.
 *
 * Each worker owns one row of numbers in memory shared with the master; any worker answers with the sums.
 */
#ifndef LECTERN_TBL_METRIC_H
#define LECTERN_TBL_METRIC_H

#define LECTERN_METRICS(X) \
    X(connections, gauge, "open WebSocket connections") \
    X(members, gauge, "connections that are in a room") \
    X(rooms, gauge, "rooms in memory") \
    X(accepts_total, counter, "TCP connections accepted") \
    X(accepts_refused_total, counter, "TCP connections turned away because of a limit") \
    X(upgrades_refused_total, counter, "WebSocket upgrades refused: origin, limit or drain") \
    X(hellos_total, counter, "hellos answered with welcome") \
    X(resumes_total, counter, "hellos answered with the missing part") \
    X(snapshots_total, counter, "snapshots sent") \
    X(snapshots_encoded_total, counter, "snapshots encoded") \
    X(commands_total, counter, "commands received") \
    X(commands_refused_total, counter, "commands refused") \
    X(acks_total, counter, "commands acknowledged") \
    X(batches_total, counter, "transactions of the store") \
    X(store_waiting, gauge, "commands waiting for the store") \
    X(store_up, gauge, "workers whose store is connected to PostgreSQL") \
    X(events_applied_total, counter, "events applied to rooms") \
    X(events_pulled_total, counter, "events that came from the log instead of Redis") \
    X(flushes_total, counter, "room flushes") \
    X(frames_total, counter, "frames written") \
    X(frame_bytes_total, counter, "bytes of frames written") \
    X(behind, gauge, "connections that are behind now") \
    X(behind_total, counter, "times a connection fell behind") \
    X(closed_total, counter, "connections closed by the server") \
    X(closed_slow_total, counter, "connections closed because they could not keep up") \
    X(redis_up, gauge, "Redis servers whose whole path works, summed over the workers") \
    X(redis_published_total, counter, "messages published") \
    X(redis_received_total, counter, "messages received") \
    X(http_requests_total, counter, "HTTP requests") \
    X(http_errors_total, counter, "HTTP answers with status 500 and above") \
    X(pool_waiting, gauge, "jobs waiting for a pool thread") \
    X(loop_lag_ms, gauge, "how late the loop's timers are, summed over the workers") \
    X(worker_restarts_total, counter, "workers that died and were started again")

#endif
