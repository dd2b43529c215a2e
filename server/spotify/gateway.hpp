#pragma once

// The one way to Spotify's Web API. Requests to it are scarce, so equal reads under way share one request and
// nothing is asked while Spotify has told us to wait.

#include "server/base/clock.hpp"
#include "server/base/deadline.hpp"
#include "server/base/log.hpp"
#include "server/base/secret.hpp"
#include "server/base/server_metrics.hpp"
#include "server/base/single_flight.hpp"
#include "server/http/problem.hpp"
#include "server/spotify/transport.hpp"

#include <functional>
#include <optional>
#include <string>

namespace cadenza::server {

// Whose request it is, and how long it may take. `token` gives an access token; with `renew` it gets another
// even if this one looks good, because Spotify did not take it.
struct Caller {
    std::string session;  // two sessions never share a request: one's token may be dead, the other's alive
    Deadline deadline{};
    std::function<asio::awaitable<http::Outcome<Secret>>(bool renew)> token;
};

class Gateway {
public:
    // `api_url` such as "https://api.spotify.com/v1". All references must outlive it.
    Gateway(asio::any_io_executor executor, const Transport& transport, const std::string& api_url,
            const Clock& clock, const Log& log, ServerMetrics& metrics)
        : executor_(executor),
          transport_(transport),
          api_url_(api_url),
          clock_(clock),
          log_(log),
          metrics_(metrics),
          reads_(std::move(executor)) {}

    // `target` is what follows /v1: "/me/tracks?limit=50". The body of a 2xx; empty for 204. Retried once
    // where that can help and there is time for it.
    asio::awaitable<http::Outcome<std::string>> get(Caller caller, std::string target);
    // Sent once. `body` is JSON or empty.
    asio::awaitable<http::Outcome<std::string>> send(Caller caller, Method method, std::string target,
                                                     std::string body = {});

    // Until when Spotify wants no request, ms since 1970; 0: it takes them.
    std::int64_t cooling_until() const { return cooling_ ? *cooling_->retry_at : 0; }

private:
    struct Task;
    asio::awaitable<http::Outcome<std::string>> perform(Task task);
    asio::awaitable<Result<http::ClientResponse>> ask(const Secret& token, const Task& task);
    http::Failure explain(const Result<http::ClientResponse>& answer);
    std::optional<std::chrono::milliseconds> wait_before_retry(Task& task,
                                                               const Result<http::ClientResponse>& answer,
                                                               const http::Failure& failure) const;
    asio::awaitable<void> pause(std::chrono::milliseconds time);
    http::Failure cool_down(const http::ClientResponse& answer);

    asio::any_io_executor executor_;
    const Transport& transport_;
    const std::string& api_url_;
    const Clock& clock_;
    const Log& log_;
    ServerMetrics& metrics_;
    SingleFlight<http::Outcome<std::string>> reads_;
    // Until then Spotify wants no request of this app.
    std::optional<http::Failure> cooling_;
};

// What an answer above 299 means for the person who asked.
http::Failure failure_of(const http::ClientResponse& answer);

}  // namespace cadenza::server
