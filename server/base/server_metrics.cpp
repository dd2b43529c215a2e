#include "server/base/server_metrics.hpp"

#include "server/base/process_figures.hpp"

namespace cadenza::server {
namespace {

using Values = std::vector<std::string>;

const std::vector<double> request_buckets{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
const std::vector<double> store_buckets{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1};

const Values methods{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};

Values status_codes() {
    Values out;
    for (int code = 200; code < 600; ++code) out.push_back(std::to_string(code));
    return out;
}

// Of answers from outside, and what came instead of one.
Values upstream_codes() {
    auto out = status_codes();
    out.insert(out.end(), {"timed_out", "failed"});
    return out;
}

// Refusal::reason, as guard and parser give it.
Values refusal_reasons() {
    return {"field name",
            "field value",
            "exactly one Host expected",
            "Host",
            "Content-Length given twice",
            "Content-Type given twice",
            "Cookie given twice",
            "Origin given twice",
            "Authorization given twice",
            "Expect given twice",
            "X-Cadenza given twice",
            "X-Cadenza-Account given twice",
            "Sec-Fetch-Site given twice",
            "Range given twice",
            "If-None-Match given twice",
            "Transfer-Encoding in HTTP/1.0",
            "Transfer-Encoding with Content-Length",
            "Transfer-Encoding given twice",
            "Transfer-Encoding",
            "Content-Length",
            "body too large",
            "body cut short",
            "a body with GET",
            "a body with HEAD",
            "a body with OPTIONS",
            "only origin-form targets",
            "target",
            "path",
            "Expect",
            "bare carriage return",
            "bare line feed",
            "folded field line",
            "control character",
            "HTTP version",
            "method",
            "header too large",
            "malformed header",
            "too many fields",
            "target too long",
            "malformed chunks",
            "too much framing",
            "too many requests of this address at once",
            "internal"};
}

Values store_operations() {
    return {"find", "create", "replace",       "erase", "erase_account",
            "list", "revoke", "revoke_others", "hold",  "let_go"};
}

}  // namespace

ServerMetrics::ServerMetrics(const std::string& version)
    : requests(
          registry_.counter({"cadenza_requests_total",
                             "Requests answered, by route template, method and status.",
                             {{"route", {}, "unmatched"}, {"method", methods}, {"code", status_codes()}}})),
      request_duration(registry_.histogram({"cadenza_request_duration_seconds",
                                            "How long requests took from header to answer.",
                                            {{"route", {}, "unmatched"}, {"method", methods}}},
                                           request_buckets)),
      in_flight(registry_.gauge({"cadenza_in_flight", "Requests being answered."}, Merge::sum)),
      connections(registry_.gauge({"cadenza_connections",
                                   "Open connections: active has a request under way, idle has none.",
                                   {{"state", {"active", "idle"}}}},
                                  Merge::sum)),
      http_rejects(registry_.counter({"cadenza_http_rejects_total",
                                      "What was refused before it became a request.",
                                      {{"reason", refusal_reasons()}}})),
      csrf_rejects(registry_.counter(
          {"cadenza_csrf_rejects_total",
           "Requests the gate refused, by the check they failed; double_cookie: taken for "
           "nobody's, because a session cookie came twice.",
           {{"check", {"host", "origin", "header", "fetch_metadata", "preflight", "double_cookie"}}}})),
      logins(registry_.counter(
          {"cadenza_logins_total",
           "Sign-ins that came back from Spotify.",
           {{"outcome", {"ok", "state", "denied", "exchange", "not_registered", "owner_not_premium"}}}})),
      sessions_created(registry_.counter({"cadenza_sessions_created_total", "Sessions begun."})),
      sessions_ended(registry_.counter(
          {"cadenza_sessions_ended_total",
           "Sessions ended: one a logout or a new sign-in in the same browser, "
           "any number a disconnect or revocation; reauthorize: Spotify refused "
           "the sign-in a minute ago; evicted: for room; expired: seen to be, what Redis "
           "dropped when its user signs in again, what is in cookies never.",
           {{"reason",
             {"logout", "replaced", "disconnect", "revoked", "reauthorize", "expired", "evicted"}}}})),
      cookie_open(
          registry_.counter({"cadenza_cookie_open_total",
                             "Sealed cookies opened, by the key they name; those of the first key are "
                             "remembered for a while and not opened again.",
                             {{"kid", {}}, {"outcome", {"ok", "unknown_key", "refused"}}}})),
      store_ops(registry_.counter({"cadenza_session_store_ops_total",
                                   "Operations on the session store.",
                                   {{"store", {"memory", "redis", "cookie"}},
                                    {"op", store_operations()},
                                    {"outcome", {"ok", "failed"}}}})),
      store_duration(
          registry_.histogram({"cadenza_session_store_op_duration_seconds",
                               "How long they took.",
                               {{"store", {"memory", "redis", "cookie"}}, {"op", store_operations()}}},
                              store_buckets)),
      store_degraded(registry_.gauge({"cadenza_store_degraded",
                                      "1 while the last read, write or deletion in the session store failed, "
                                      "or its fallback stands in for it."},
                                     Merge::highest)),
      redis_connected(registry_.gauge(
          {"cadenza_redis_connected", "1 while Redis can be reached, 0 while it cannot; absent without one."},
          Merge::lowest)),
      refresh(registry_.counter({"cadenza_refresh_total",
                                 "Access tokens renewed at Spotify, or not.",
                                 {{"outcome", {"ok", "refused", "unavailable"}}}})),
      refresh_wait(registry_.histogram(
          {"cadenza_refresh_wait_seconds", "How long a request waited for a new access token."},
          request_buckets)),
      refresh_coalesced(registry_.counter(
          {"cadenza_refresh_coalesced_total", "Requests that waited for a renewal another had begun."})),
      lock_lost(registry_.counter(
          {"cadenza_lock_lost_total", "Leases on refreshing a session that ended before the refresh."})),
      rate_limited(registry_.counter({"cadenza_rate_limited_total",
                                      "Requests refused because their client asks too often.",
                                      {{"bucket", {"address", "session"}}}})),
      upstream_requests(registry_.counter(
          {"cadenza_upstream_requests_total",
           "Requests to Spotify, by kind of endpoint and status.",
           {{"endpoint_group",
             {"token", "me", "player", "library", "playlists", "albums", "artists", "tracks", "search"}},
            {"code", upstream_codes()}}})),
      upstream_retries(
          registry_.counter({"cadenza_upstream_retries_total", "Requests to Spotify tried again."})),
      upstream_cache(registry_.counter(
          {"cadenza_upstream_cache_total",
           "Reads answered from what is kept, asked of Spotify, or joined to an equal one under way.",
           {{"outcome", {"hit", "miss", "shared"}}}})),
      upstream_refused(registry_.counter({"cadenza_upstream_refused_total",
                                          "Requests to Spotify that were not sent, by what kept them.",
                                          {{"reason", {"budget", "cool_down", "breaker", "queue"}}}})),
      upstream_cooldown(registry_.gauge(
          {"cadenza_upstream_cooldown_seconds", "How long Spotify still wants no request of this app."},
          Merge::highest)),
      breaker_state(registry_.gauge({"cadenza_breaker_state",
                                     "1 while a breaker is open: refresh believes no refusal then, upstream "
                                     "asks Spotify nothing.",
                                     {{"name", {"refresh", "upstream"}}}},
                                    Merge::highest)),
      log_dropped(registry_.counter(
          {"cadenza_log_dropped_total", "Log lines lost because nobody took them in time."})),
      build_info(registry_.gauge(
          {"cadenza_build_info", "1; the version is its label.", {{"version", {version}}}}, Merge::highest)),
      process_cpu(
          registry_.counter({"process_cpu_seconds_total", "User and system time spent, in seconds."})),
      process_resident_memory(
          registry_.gauge({"process_resident_memory_bytes", "Resident memory."}, Merge::sum)),
      process_virtual_memory(
          registry_.gauge({"process_virtual_memory_bytes", "Virtual memory."}, Merge::sum)),
      process_open_fds(registry_.gauge({"process_open_fds", "Open file descriptors."}, Merge::sum)),
      process_max_fds(
          registry_.gauge({"process_max_fds", "How many file descriptors there may be."}, Merge::sum)),
      process_start_time(registry_.gauge(
          {"process_start_time_seconds", "When the process began, in seconds since 1970."}, Merge::highest)) {
    build_info.set(1, {version});
    // So that a rate is there from the first one on.
    in_flight.set(0);
    sessions_created.add({}, 0);
    refresh_coalesced.add({}, 0);
    upstream_retries.add({}, 0);
    lock_lost.add({}, 0);
    store_degraded.set(0);
    for (const auto* outcome : {"ok", "refused", "unavailable"}) refresh.add({outcome}, 0);
}

void ServerMetrics::declare_route(const std::string& route) {
    requests.declare("route", route);
    request_duration.declare("route", route);
}

MetricsSnapshot ServerMetrics::snapshot() {
    const auto figures = read_process_figures();
    process_cpu.set(figures.cpu_seconds);
    process_resident_memory.set(figures.resident_bytes);
    process_virtual_memory.set(figures.virtual_bytes);
    process_open_fds.set(figures.open_fds);
    process_max_fds.set(figures.max_fds);
    process_start_time.set(figures.start_time);
    return registry_.snapshot();
}

}  // namespace cadenza::server
