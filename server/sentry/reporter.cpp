#include "server/sentry/reporter.hpp"

#include "server/base/deadline.hpp"
#include "server/sentry/rate_limits.hpp"
#include "server/version.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <deque>
#include <map>

namespace cadenza::sentry {
namespace {

constexpr std::size_t most_remembered = 1'000;
constexpr const char* category = "error";

}  // namespace

struct Reporter::State {
    State(const asio::any_io_executor& on, http::Client& by, server::Clock at, Options given)
        : executor(on), client(by), clock(std::move(at)), options(std::move(given)), idle(on) {
        idle.expires_at(asio::steady_timer::time_point::max());
    }

    asio::any_io_executor executor;
    http::Client& client;
    server::Clock clock;
    Options options;
    std::deque<Event> waiting;
    Discarded discarded;
    std::map<std::string, std::int64_t> told;  // until when a fingerprint is not told again
    RateLimits limits;
    asio::steady_timer idle;  // cancelled whenever sending ends
    bool sending{};
    bool troubled{};
    bool gone{};

    bool is_repeated(const std::string& fingerprint, std::int64_t now) {
        std::erase_if(told, [&](const auto& one) { return one.second <= now; });
        if (told.size() >= most_remembered) told.clear();
        return !told.emplace(fingerprint, now + options.quiet.count()).second;
    }
    void take(Event event, std::int64_t now) {
        if (is_repeated(event.fingerprint, now)) {
            ++discarded["event_processor"];
            return;
        }
        if (limits.limits(category, now)) {
            ++discarded["ratelimit_backoff"];
            return;
        }
        waiting.push_back(std::move(event));
        if (waiting.size() <= options.most_waiting) return;
        waiting.pop_front();
        ++discarded["queue_overflow"];
    }
    http::ClientRequest request(const Event* event, const Discarded& lost) const {
        const auto agent = std::string("cadenza/") + server::version;
        http::ClientRequest out{.method = Method::post,
                                .origin = options.dsn.origin,
                                .target = options.dsn.envelope_target(),
                                .headers = {},
                                .body = envelope(event, lost, clock())};
        out.headers.add("Content-Type", "application/x-sentry-envelope");
        out.headers.add("User-Agent", agent);
        out.headers.add("X-Sentry-Auth", "Sentry sentry_version=7, sentry_key=" + options.dsn.key +
                                             ", sentry_client=" + agent);
        return out;
    }
    // What became of `event`, which may be null, and of the report of what was `lost`.
    void settle(const Result<http::ClientResponse>& answer, const Event* event, const Discarded& lost) {
        const bool good = answer && answer->status < 300;
        if (answer) limits.learn(*answer, clock());
        if (!good) {
            for (const auto& [reason, quantity] : lost) discarded[reason] += quantity;
            // Sentry itself counts what it turned away by 429.
            if (event && !(answer && answer->status == 429))
                ++discarded[answer ? "send_error" : "network_error"];
        }
        if (!good && !troubled && options.on_trouble) options.on_trouble(answer ? answer->status : 0);
        troubled = !good;
    }
};

Reporter::Reporter(const asio::any_io_executor& executor, http::Client& client, server::Clock clock,
                   Options options)
    : state_(std::make_shared<State>(executor, client, std::move(clock), std::move(options))) {}

Reporter::~Reporter() { state_->gone = true; }

namespace {

// Until nothing waits, or Sentry wants nothing; with `report`, what was lost is told in the end.
template <class State>
asio::awaitable<void> send_all(std::shared_ptr<State> state, bool report) {
    while (!state->gone) {
        if (state->limits.limits(category, state->clock()) && !state->waiting.empty()) {
            state->discarded["ratelimit_backoff"] += static_cast<std::int64_t>(state->waiting.size());
            state->waiting.clear();
        }
        const bool report_only = state->waiting.empty();
        if (report_only && (!std::exchange(report, false) || state->discarded.empty() ||
                            state->limits.limits("client_report", state->clock())))
            break;
        std::optional<Event> event;
        if (!report_only) {
            event = std::move(state->waiting.front());
            state->waiting.pop_front();
        }
        const auto* sent = event ? &*event : nullptr;
        const auto lost = std::exchange(state->discarded, {});
        const auto answer =
            co_await state->client.send(state->request(sent, lost), state->options.send_timeout);
        if (state->gone) co_return;
        state->settle(answer, sent, lost);
    }
    state->sending = false;
    state->idle.cancel();
}

template <class State>
void start_sending(const std::shared_ptr<State>& state, bool report) {
    if (std::exchange(state->sending, true)) return;
    asio::co_spawn(state->executor, send_all(state, report), asio::detached);
}

}  // namespace

void Reporter::capture(std::string_view event, server::LogFields fields) noexcept {
    try {
        const auto now = state_->clock();
        state_->take(make_event(event, fields, state_->options.origin, now), now);
        if (!state_->waiting.empty()) start_sending(state_, false);
    } catch (...) {
        static_cast<void>(event);  // lost: whoever reports must not fail by it
    }
}

asio::awaitable<void> Reporter::flush(std::chrono::milliseconds time) {
    const auto state = state_;
    asio::steady_timer end(state->executor, time);
    const auto over = std::make_shared<bool>(false);
    end.async_wait([state, over](const auto& ec) {
        if (ec) return;
        *over = true;
        state->idle.cancel();
    });
    boost::system::error_code ignored;
    for (bool reported = false; !*over && (state->sending || !reported);) {
        if (!state->sending) {
            reported = true;
            start_sending(state, true);
        }
        if (state->sending)
            co_await state->idle.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace cadenza::sentry
