#include "server/session/refresher.hpp"

#include "server/base/crypto.hpp"
#include "server/session/failures.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

// It has a time of its own: cut short with the first who asked, it would fail for all, and a new refresh
// token that was on its way would be lost.
constexpr auto refresh_time = 30s;
// How often to look whether another process is done; each time a little longer and not in step with others.
constexpr std::chrono::milliseconds shortest_look{25};
constexpr std::chrono::milliseconds longest_look{200};
// A grant that is not stored may be a sign-in lost, if Spotify gave a new refresh token with it. So long who
// asked for it waits; so long it is kept here and tried again, while its access token lives.
constexpr std::chrono::milliseconds store_patience = 1s;
constexpr std::chrono::milliseconds longest_unstored = 30min;
constexpr std::size_t most_unstored = 1'000;
constexpr std::chrono::milliseconds longest_store_pause = 1s;

std::chrono::milliseconds jitter(std::chrono::milliseconds most) {
    const auto byte = static_cast<unsigned char>(random_bytes(1)[0]);
    return most / 2 + most * byte / 512;
}

std::string_view outcome_of(const boost::system::result<Grant, OAuthError>& refreshed) {
    if (refreshed) return "ok";
    return refreshed.error() == OAuthError::refused ? "refused" : "unavailable";
}

}  // namespace

asio::awaitable<void> Refresher::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(services_.executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<http::Outcome<FoundSession>> Refresher::read(Secret ticket) {
    auto found = co_await services_.sessions.find(std::move(ticket), services_.clock());
    if (!found) co_return store_failure(services_.clock());
    if (!*found) co_return signed_out();
    co_return std::move(**found);
}

std::optional<http::Outcome<Refreshed>> Refresher::settled(const FoundSession& found,
                                                           const Task& task) const {
    const auto& account = found.session.account();
    if (account.reauthorize) return sign_in_again();
    // Somebody was faster.
    if (account.grant.access_token != task.dead.token) return Refreshed{account.grant, found.ticket};
    const auto until = refusals_.open_until();
    const bool lives = account.grant.access_expires_at > services_.clock();
    // What is renewed while it cannot be stored is in danger, and not needed yet.
    const bool can_wait = !task.leased && !task.dead.refused;
    if (lives && (until || can_wait)) return Refreshed{account.grant, found.ticket};
    if (until) return refusing_everybody(*until);
    return std::nullopt;
}

asio::awaitable<http::Outcome<Refreshed>> Refresher::refresh(std::string key, Secret ticket, Dead dead) {
    if (const auto kept = unstored_.find(key);
        kept != unstored_.end() && kept->second.dead_token == dead.token)
        co_return Refreshed{kept->second.grant, {}};
    Task task{key, std::move(ticket), std::move(dead), std::chrono::steady_clock::now() + refresh_time};
    RefreshLease lease(services_, std::move(key));
    int refused_leases = 0;
    for (auto look = shortest_look;; look = std::min(look * 2, longest_look)) {
        const auto held = co_await lease.take();
        task.leased = held.has_value();
        // Read after it was taken: whoever had it before may have just written.
        auto found = co_await read(task.ticket);
        std::optional<http::Outcome<Refreshed>> outcome;
        if (!found)
            outcome = found.error();
        else
            outcome = settled(*found, task);
        // A store that twice read and did not write is full, say; once, it may have just come back.
        const bool asks = !outcome && (held ? *held : ++refused_leases > 1);
        if (asks) outcome = co_await ask(task, std::move(*found));
        if (asks && unstored_.contains(task.key))
            asio::co_spawn(services_.executor, keep_storing(task, lease), asio::detached);
        else if (held && *held)
            co_await lease.let_go();
        if (outcome) co_return std::move(*outcome);
        if (std::chrono::steady_clock::now() >= task.deadline) co_return accounts_slow();
        co_await pause(jitter(look));
    }
}

asio::awaitable<http::Outcome<Refreshed>> Refresher::ask(Task task, FoundSession found) {
    co_await refusals_.look();
    if (auto outcome = settled(found, task)) co_return std::move(*outcome);
    const auto& account = found.session.account();
    auto fresh = co_await oauth_.refresh(account.grant, task.deadline);
    services_.metrics.refresh.add({outcome_of(fresh)});
    services_.log.info("refresh", {{"ok", fresh.has_value()}, {"account", account.key}});
    if (fresh) {
        if (auto stored = co_await store(task, found, *fresh, store_patience)) co_return std::move(*stored);
        if (unstored_.size() < most_unstored)
            unstored_[task.key] = {task.dead.token, std::move(found), *fresh};
        else
            services_.log.error("session_not_stored");
        co_return Refreshed{std::move(*fresh), {}};
    }
    if (fresh.error() == OAuthError::refused) co_return co_await give_up(std::move(task));
    if (account.grant.access_expires_at > services_.clock()) co_return Refreshed{account.grant, found.ticket};
    co_return accounts_out();
}

asio::awaitable<std::optional<http::Outcome<Refreshed>>> Refresher::store(
    Task task, FoundSession found, Grant fresh, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (auto wait = longest_look; std::chrono::steady_clock::now() < end;
         wait = std::min(wait * 2, longest_store_pause)) {
        auto session = found.session;
        session.account().grant = fresh;
        session.account().reauthorize = false;  // who marked it was refused an older one
        const auto stored =
            co_await services_.sessions.replace(found.ticket.value_or(task.ticket), std::move(session));
        if (stored && stored->outcome == Replaced::Outcome::done)
            co_return Refreshed{fresh, stored->ticket ? stored->ticket : found.ticket};
        if (stored && stored->outcome == Replaced::Outcome::ended) co_return signed_out();
        auto again = co_await read(task.ticket);
        if (again.has_error() && again.error().code == ProblemCode::signed_out) co_return again.error();
        if (again) {
            const auto& grant = again->session.account().grant;
            // The lease was lost, and its next holder was faster.
            if (grant.access_token != task.dead.token) co_return Refreshed{grant, again->ticket};
            found = std::move(*again);
        }
        if (!stored || !again) co_await pause(jitter(wait));
    }
    co_return std::nullopt;
}

asio::awaitable<void> Refresher::keep_storing(Task task, RefreshLease lease) {
    auto kept = unstored_.at(task.key);
    const auto stored = co_await store(task, std::move(kept.found), std::move(kept.grant), longest_unstored);
    if (!stored) services_.log.error("session_not_stored");
    unstored_.erase(task.key);
    co_await lease.let_go();
}

// The refresh token was refused, which is for good, unless it was an old one or Spotify is confused.
asio::awaitable<http::Outcome<Refreshed>> Refresher::give_up(Task task) {
    auto found = co_await read(task.ticket);
    if (!found) co_return found.error();
    const auto& account = found->session.account();
    if (account.grant.access_token != task.dead.token) co_return Refreshed{account.grant, found->ticket};
    // Another process may have what came in its place, and wait to store it.
    if (!task.leased) co_return store_failure(services_.clock());
    if (const auto until = co_await refusals_.count(account.key)) co_return refusing_everybody(*until);
    const auto marked = co_await mark(task.ticket, std::move(*found), true);
    if (!marked) services_.log.warn("session_not_marked");
    if (const auto until = refusals_.open_until()) {  // it opened while the mark was on its way
        co_await refusals_.forgive(std::move(task.ticket));
        co_return refusing_everybody(*until);
    }
    if (marked && *marked == Replaced::Outcome::done) refusals_.believe(std::move(task.ticket));
    co_return sign_in_again();
}

asio::awaitable<bool> Refresher::forgive(Secret ticket) {
    auto found = co_await read(ticket);
    if (!found) co_return found.error().code == ProblemCode::signed_out;
    if (!found->session.account().reauthorize) co_return true;
    const auto outcome = co_await mark(std::move(ticket), std::move(*found), false);
    co_return outcome && *outcome != Replaced::Outcome::overtaken;
}

asio::awaitable<Result<Replaced::Outcome>> Refresher::mark(Secret ticket, FoundSession found,
                                                           bool reauthorize) {
    found.session.account().reauthorize = reauthorize;
    const auto stored = co_await services_.sessions.replace(found.ticket.value_or(std::move(ticket)),
                                                            std::move(found.session));
    if (!stored) co_return stored.error();
    co_return stored->outcome;
}

}  // namespace cadenza::server
