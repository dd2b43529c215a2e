#pragma once

// The one way to Spotify's Web API. Requests to it are scarce: answers are kept for a time, equal reads under
// way share one request, accounts take turns, and nothing is asked that is not in the table of endpoints,
// while Spotify has told us to wait, or while it fails.

#include "server/base/clock.hpp"
#include "server/base/deadline.hpp"
#include "server/base/log.hpp"
#include "server/base/secret.hpp"
#include "server/base/single_flight.hpp"
#include "server/http/problem.hpp"
#include "server/spotify/allowance.hpp"
#include "server/spotify/breaker.hpp"
#include "server/spotify/epochs.hpp"
#include "server/spotify/gateway_stats.hpp"
#include "server/spotify/response_cache.hpp"
#include "server/spotify/retry.hpp"
#include "server/spotify/shared_epochs.hpp"
#include "server/spotify/snapshots.hpp"
#include "server/spotify/transport.hpp"
#include "server/spotify/turns.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace cadenza::server {

// Whose request it is, and how long it may take. `token` gives an access token; with `renew` it gets another
// even if this one looks good, because Spotify did not take it.
struct Caller {
    std::string session;  // two never share a failure: one's token may be dead, the other's alive
    std::string account;  // whose answers may be kept, and whose turn it is
    Deadline deadline{};
    std::function<asio::awaitable<http::Outcome<Secret>>(bool renew, Deadline deadline)> token;
    Priority priority{Priority::interactive};
};

struct GatewayOptions {
    std::string api_url;                           // "https://api.spotify.com/v1"
    std::int64_t daily_budget{};                   // 0: not rationed
    std::shared_ptr<LimitStore> limits;            // shared with other replicas; nullptr: this one is alone
    std::shared_ptr<CoolDownFile> cool_down_file;  // where nobody else keeps it over a restart
    std::size_t cache_bytes{16UL * 1024 * 1024};
    // Answers of an account are kept only where all its writes are seen: not among other processes without
    // `epochs`.
    bool keep_personal{true};
    std::shared_ptr<SharedEpochs> epochs;  // shared with other processes; nullptr: this one is alone
    FairQueue::Limits turns{};
};

class Gateway {
public:
    // `transport`, `clock` and `log` must outlive it.
    Gateway(asio::any_io_executor executor, const Transport& transport, const Clock& clock, const Log& log,
            GatewayOptions options);

    // `target` is what follows /v1: "/me/tracks?limit=50". The body of a 2xx; empty for 204. Retried once
    // where that can help, there is time for it, and retries are few beside the requests.
    asio::awaitable<http::Outcome<SharedBody>> get(Caller caller, std::string target);
    // Sent once. `body` is JSON or empty.
    asio::awaitable<http::Outcome<std::string>> send(Caller caller, Method method, std::string target,
                                                     std::string body = {});

    // Everything kept for an account, which is leaving: gone here, and served by no other process.
    asio::awaitable<void> forget(std::string account);

    asio::awaitable<Quota> quota() { return allowance_.report(); }
    GatewayStats stats() const;

private:
    struct Task;
    struct Place;
    using SharedEpoch = std::optional<std::string>;
    std::optional<Place> place_of(const Upstream& row, const std::string& account, const std::string& target,
                                  const SharedEpoch& shared);
    asio::awaitable<http::Outcome<SharedBody>> read(Task task, std::optional<Place> place);
    asio::awaitable<http::Outcome<SharedBody>> read_catalogue(Task task, std::optional<Place> place);
    asio::awaitable<http::Outcome<std::string>> perform(Task task);
    asio::awaitable<http::Outcome<Secret>> prepare(Task& task);
    asio::awaitable<http::Outcome<Turns::Turn>> take_turn(const Task& task);
    asio::awaitable<http::Outcome<std::uint64_t>> admit(const Task& task);
    asio::awaitable<Result<http::ClientResponse>> ask(const Secret& token, const Task& task);
    http::Failure explain(const Result<http::ClientResponse>& answer);
    std::optional<std::chrono::milliseconds> wait_before_retry(Task& task,
                                                               const Result<http::ClientResponse>& answer,
                                                               const http::Failure& failure);
    asio::awaitable<void> pause(std::chrono::milliseconds time);
    http::Failure refuse_as_bug(Method method, const std::string& target) const;
    asio::awaitable<void> forget_what_changed(std::string account, const Upstream& row);

    asio::any_io_executor executor_;
    const Transport& transport_;
    const Clock& clock_;
    const Log& log_;
    GatewayOptions options_;
    Allowance allowance_;
    Breaker breaker_;
    Turns turns_;
    Epochs epochs_;
    std::uint64_t alone_{};  // reads that nobody may join
    ResponseCache cache_;
    Snapshots snapshots_;
    RetryBudget retries_;
    std::minstd_rand random_{std::random_device{}()};
    SingleFlight<http::Outcome<SharedBody>> reads_;
    GatewayStats stats_;
};

}  // namespace cadenza::server
