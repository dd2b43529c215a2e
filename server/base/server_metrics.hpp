#pragma once

// Everything a process measures: the whole list. docs/operations and the dashboard go by these names.

#include "server/base/metrics.hpp"

#include <chrono>
#include <string>

namespace cadenza::server {

class ServerMetrics {
public:
    explicit ServerMetrics(const std::string& version);
    ServerMetrics(const ServerMetrics&) = delete;
    ServerMetrics& operator=(const ServerMetrics&) = delete;

private:
    Metrics registry_;  // before the handles that point into it

public:
    // Requests. `route` says templates only; each is declared by whoever serves it.
    Counter requests;            // route, method, code
    Histogram request_duration;  // route, method; seconds
    Gauge in_flight;
    Gauge connections;     // state
    Counter http_rejects;  // reason: what never became a request
    Counter csrf_rejects;  // check: what the gate refused

    // Signing in, sessions and their store.
    Counter logins;            // outcome
    Counter sessions_created;  //
    Counter sessions_ended;    // reason
    Counter cookie_open;       // kid, outcome
    Counter store_ops;         // store, op, outcome
    Histogram store_duration;  // store, op; seconds
    Gauge store_degraded;      // 1: the last one of a kind failed
    Gauge redis_connected;
    Counter refresh;            // outcome
    Histogram refresh_wait;     // seconds a request waited for it
    Counter refresh_coalesced;  //
    Counter lock_lost;
    Counter rate_limited;  // bucket

    // Spotify.
    Counter upstream_requests;  // endpoint_group, code
    Counter upstream_retries;
    Counter upstream_cache;    // outcome
    Counter upstream_refused;  // reason
    Gauge upstream_cooldown;   // seconds left
    Gauge breaker_state;       // name; 1: open

    // The process itself.
    Counter log_dropped;
    Gauge build_info;  // version
    Counter process_cpu;
    Gauge process_resident_memory;
    Gauge process_virtual_memory;
    Gauge process_open_fds;
    Gauge process_max_fds;
    Gauge process_start_time;

    // A template that `route` may say.
    void declare_route(const std::string& route);
    // Reads the process's own figures, and takes all of them.
    MetricsSnapshot snapshot();
};

// How long ago `began` was, in seconds.
inline double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace cadenza::server
