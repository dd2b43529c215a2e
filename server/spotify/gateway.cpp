#include "server/spotify/gateway.hpp"

#include "server/config_reader.hpp"
#include "server/spotify/failure.hpp"

#include <utility>

namespace cadenza::server {
namespace {

constexpr std::chrono::milliseconds request_timeout{10'000};
// Of a read that several may share; each of them waits as long as its own request may take.
constexpr std::chrono::milliseconds flight_time{18'000};
// How long one session's read of the catalogue waits for another's, which may wait in its account's queue.
constexpr std::chrono::milliseconds patience_with_others{2'000};
constexpr std::int64_t queue_full_ms = 1'000;

// Whether processes share an epoch of it. Commands to the player have none: nothing of it is kept, and one
// that waited for Redis could be overtaken by the next.
bool has_shared_epoch(const Upstream& row) { return row.kept != Kept::catalogue && row.kept != Kept::never; }

std::string path_of_target(const std::string& target) { return target.substr(0, target.find('?')); }

}  // namespace

struct Gateway::Task {
    Caller caller;
    const Upstream& row;
    std::string target;
    std::string body{};
    bool renew{};    // the next attempt needs another token
    bool renewed{};  // it had one
    bool repeated{};
};

// Where an answer is kept, for how long, and what must not have happened meanwhile.
struct Gateway::Place {
    ResponseCache::Key key;
    std::int64_t time_ms{};
    std::uint64_t epoch{};
};

Gateway::Gateway(asio::any_io_executor executor, const Transport& transport, const Clock& clock,
                 const Log& log, GatewayOptions options)
    : executor_(executor),
      transport_(transport),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      allowance_(executor, clock, log, options_.daily_budget, options_.limits),
      turns_(executor, options_.turns),
      cache_(options_.cache_bytes),
      reads_(std::move(executor)) {
    if (options_.cool_down_file) allowance_.keep_in(options_.cool_down_file);
}

// ------------------------------------------------------------------ what is kept

std::optional<Gateway::Place> Gateway::place_of(const Upstream& row, const std::string& account,
                                                const std::string& target, const SharedEpoch& shared) {
    const auto time = kept_ms(row.kept);
    if (time == 0) return std::nullopt;
    const auto epoch = epochs_.of(account);
    if (row.kept == Kept::catalogue) return Place{{"", row.kept, target}, time, epoch};
    if (!options_.keep_personal || !shared) return std::nullopt;
    Place out{{account, row.kept, target}, time, epoch};
    if (!shared->empty()) out.key.target += " " + *shared;
    if (row.kept != Kept::playlist_items) return out;
    // Items are as good as long as the playlist's snapshot is the same.
    if (const auto snapshot = snapshots_.find(account, target, clock_())) {
        out.key.target += " " + *snapshot;
        out.time_ms = longest_kept_ms;
    }
    return out;
}

asio::awaitable<void> Gateway::forget_what_changed(std::string account, const Upstream& row) {
    epochs_.advance(account);
    if (row.kept != Kept::never) cache_.forget(account, row.kept);
    if (options_.epochs && has_shared_epoch(row)) co_await options_.epochs->end(std::move(account), row.kept);
}

asio::awaitable<void> Gateway::forget(std::string account) {
    epochs_.advance(account);  // for reads under way
    cache_.forget(account);
    snapshots_.forget(account);
    if (options_.epochs) co_await options_.epochs->end_all(std::move(account));
}

asio::awaitable<http::Outcome<SharedBody>> Gateway::read(Task task, std::optional<Place> place) {
    const auto& row = task.row;
    const auto account = task.caller.account;
    auto answer = co_await perform(std::move(task));
    if (!answer) co_return answer.error();
    const auto body = std::make_shared<const std::string>(std::move(*answer));
    // After a write in between nobody knows which state was read.
    if (!place || epochs_.of(account) != place->epoch) co_return body;
    const auto now = clock_();
    snapshots_.learn(row, account, body, now);
    cache_.put(std::move(place->key), body, now + place->time_ms, now);
    co_return body;
}

// What is the same for everybody is asked once for all sessions that want it. Only good answers are shared:
// the trouble of one is not another's.
asio::awaitable<http::Outcome<SharedBody>> Gateway::read_catalogue(Task task, std::optional<Place> place) {
    auto key = " " + std::to_string(static_cast<int>(task.caller.priority)) + " " + task.target;
    const bool first = !reads_.is_under_way(key);
    auto flight = reads_.run(std::move(key), [this, task, place] { return read(task, place); });
    if (first) co_return co_await std::move(flight);
    const auto until = std::chrono::steady_clock::now() + patience_with_others;
    auto answer = co_await within(executor_, until, std::move(flight));
    if (!answer || !*answer) co_return co_await read(std::move(task), std::move(place));
    ++stats_.coalesced;
    co_return std::move(*answer);
}

// ------------------------------------------------------------------ the two ways in

http::Failure Gateway::refuse_as_bug(Method method, const std::string& target) const {
    log_.error("bug", {{"what", "a request that is not in the table of Spotify's endpoints"},
                       {"method", name(method)},
                       {"target", path_of_target(target).substr(0, 100)}});
    return {ProblemCode::internal, {}, {}, {}};
}

asio::awaitable<http::Outcome<SharedBody>> Gateway::get(Caller caller, std::string target) {
    const auto* row = find_upstream(Method::get, target);
    if (!row) co_return refuse_as_bug(Method::get, target);
    // "" where nobody else is there to write, nullopt where it cannot be known.
    SharedEpoch shared("");
    if (options_.epochs && has_shared_epoch(*row))
        shared = co_await options_.epochs->of(caller.account, row->kept);
    auto place = place_of(*row, caller.account, target, shared);
    if (place || (!shared && kept_ms(row->kept) > 0)) {
        auto kept = place ? cache_.find(place->key, clock_()) : nullptr;
        ++(kept ? stats_.cache_hits : stats_.cache_misses);
        if (kept) co_return kept;
    }
    // Shared by equals only: not with a read begun before a write, nor with one that may be refused sooner.
    auto key = caller.session + " " + std::to_string(epochs_.of(caller.account)) + " " +
               (shared ? *shared : "alone" + std::to_string(++alone_)) + " " +
               std::to_string(static_cast<int>(caller.priority)) + " " + target;
    if (reads_.is_under_way(key)) ++stats_.coalesced;
    const auto deadline = caller.deadline;
    caller.deadline = std::chrono::steady_clock::now() + flight_time;
    Task task{.caller = std::move(caller), .row = *row, .target = std::move(target)};
    auto flight = reads_.run(std::move(key), [this, task = std::move(task), place = std::move(place)] {
        return task.row.kept == Kept::catalogue ? read_catalogue(task, place) : read(task, place);
    });
    auto answer = co_await within(executor_, deadline, std::move(flight));
    if (!answer) co_return upstream_too_late();
    co_return std::move(*answer);
}

asio::awaitable<http::Outcome<std::string>> Gateway::send(Caller caller, Method method, std::string target,
                                                          std::string body) {
    const auto* row = find_upstream(method, target);
    if (!row || is_safe(method)) co_return refuse_as_bug(method, target);
    const auto account = caller.account;
    // Before: nobody joins a read that may see the old state. After: nor one that began meanwhile.
    co_await forget_what_changed(account, *row);
    auto answer = co_await perform(
        {.caller = std::move(caller), .row = *row, .target = std::move(target), .body = std::move(body)});
    co_await forget_what_changed(account, *row);
    co_return answer;
}

// ------------------------------------------------------------------ one request

asio::awaitable<void> Gateway::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<Result<http::ClientResponse>> Gateway::ask(const Secret& token, const Task& task) {
    const auto origin = origin_of(options_.api_url);
    http::ClientRequest request{.method = task.row.method,
                                .origin = origin,
                                .target = options_.api_url.substr(origin.size()) + task.target,
                                .headers = {},
                                .body = task.body};
    // These and no others: nothing of what a browser sent us goes on to Spotify.
    request.headers.add("Authorization", "Bearer " + token.reveal());
    request.headers.add("Accept", "application/json");
    if (!task.body.empty()) request.headers.add("Content-Type", "application/json");
    return transport_(std::move(request), at_most(request_timeout, task.caller.deadline));
}

http::Failure Gateway::explain(const Result<http::ClientResponse>& answer) {
    if (!answer) return failure_of(answer.error());
    return answer->status == 429 ? allowance_.cool_down(*answer) : failure_of(*answer);
}

// nullopt: it stays with `failure`. A refused token is renewed once, for writes too, because nothing was done
// then; that is no retry of what failed and costs none. Anything else that may pass is tried again once, for
// reads.
std::optional<std::chrono::milliseconds> Gateway::wait_before_retry(
    Task& task, const Result<http::ClientResponse>& answer, const http::Failure& failure) {
    if (answer && answer->status == 401) {
        if (std::exchange(task.renewed, true)) return std::nullopt;
        task.renew = true;
        return std::chrono::milliseconds(0);
    }
    if (task.row.method != Method::get || task.repeated) return std::nullopt;
    std::optional<std::chrono::milliseconds> asked;
    if (answer && answer->status == 429) {
        if (failure.code == ProblemCode::quota_cooldown) return std::nullopt;
        asked = std::chrono::milliseconds(*failure.retry_at - clock_() + 1);
    } else if (answer && answer->status < 500) {
        return std::nullopt;
    }
    const auto wait =
        retry_wait(asked, left(task.caller.deadline), std::uniform_real_distribution<>(0, 1)(random_));
    if (!wait || !retries_.take()) return std::nullopt;
    task.repeated = true;
    return wait;
}

// Before a request waits for its turn.
asio::awaitable<http::Outcome<Secret>> Gateway::prepare(Task& task) {
    if (const auto cooling = allowance_.cooling()) {
        ++stats_.refused_cool_down;
        co_return failure_of(*cooling);
    }
    co_return co_await task.caller.token(std::exchange(task.renew, false), task.caller.deadline);
}

// Whether it may go now that it is its turn: others asked while it waited. Gives the breaker's period.
asio::awaitable<http::Outcome<std::uint64_t>> Gateway::admit(const Task& task) {
    if (left(task.caller.deadline).count() <= 0) co_return upstream_too_late();
    auto admitted = co_await allowance_.admit(task.caller.priority);
    if (!admitted) {
        ++(admitted.error().code == ProblemCode::budget_spent ? stats_.refused_budget
                                                              : stats_.refused_cool_down);
        co_return admitted.error();
    }
    if (const auto until = breaker_.refused_until(clock_())) {
        ++stats_.refused_breaker;
        http::Failure failing{ProblemCode::upstream_unavailable,
                              "Spotify is failing; it is left alone for a moment.",
                              {},
                              until};
        failing.status = 503;
        co_return failing;
    }
    // In the same step as the decision, so that no burst of requests passes it together.
    allowance_.count({task.caller.priority, task.row.group});
    co_return breaker_.period();
}

asio::awaitable<http::Outcome<Turns::Turn>> Gateway::take_turn(const Task& task) {
    auto turn = co_await turns_.take(task.caller.account, task.caller.priority, task.caller.deadline);
    if (turn) co_return std::move(*turn);
    ++stats_.refused_queue;
    if (turn.error().code == Errc::timed_out) co_return upstream_too_late();
    co_return http::Failure{ProblemCode::rate_limited,
                            "Too many requests of this account wait for Spotify.",
                            {},
                            clock_() + queue_full_ms};
}

asio::awaitable<http::Outcome<std::string>> Gateway::perform(Task task) {
    for (;;) {
        auto token = co_await prepare(task);
        if (!token) co_return token.error();
        Result<http::ClientResponse> answer = Error{};
        std::uint64_t period{};
        {
            auto turn = co_await take_turn(task);
            if (!turn) co_return turn.error();
            const auto admitted = co_await admit(task);
            if (!admitted) co_return admitted.error();
            period = *admitted;
            answer = co_await ask(*token, task);
        }
        retries_.add_request();
        breaker_.record(answer && answer->status < 500, period, clock_());
        if (answer && answer->status < 300) co_return std::move(answer->body);
        auto failure = explain(answer);
        const auto wait = wait_before_retry(task, answer, failure);
        if (!wait) co_return failure;
        ++stats_.retries;
        if (wait->count() > 0) co_await pause(*wait);
    }
}

GatewayStats Gateway::stats() const {
    auto out = stats_;
    if (const auto cooling = allowance_.cooling()) out.cool_down_ms = cooling->until - clock_();
    out.breaker = breaker_.state();
    out.cache_bytes = cache_.bytes();
    out.running = turns_.running();
    out.waiting = turns_.waiting();
    return out;
}

}  // namespace cadenza::server
