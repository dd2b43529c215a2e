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
// A store that so long read and did not write is full, say; before, it may have just come back.
constexpr std::chrono::milliseconds unleased_patience = 1s;
// So long a refusal without the lease is not asked for again.
constexpr std::chrono::milliseconds denied_time = 5s;

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
    if (!task.leased && is_denied(task)) return store_failure(services_.clock());
    return std::nullopt;
}

bool Refresher::is_denied(const Task& task) const {
    const auto denied = denied_.find(task.key);
    return denied != denied_.end() && denied->second.token == task.dead.token &&
           std::chrono::steady_clock::now() < denied->second.until;
}

asio::awaitable<http::Outcome<Refreshed>> Refresher::refresh(std::string key, Secret ticket, Dead dead) {
    if (const auto kept = unstored_.find(key);
        kept != unstored_.end() && kept->second.dead_token == dead.token)
        co_return Refreshed{kept->second.grant, {}};
    Task task{key, std::move(ticket), std::move(dead), std::chrono::steady_clock::now() + refresh_time};
    RefreshLease lease(services_, std::move(key));
    std::optional<Deadline> unleased_since;
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
        const auto now = std::chrono::steady_clock::now();
        if (held)
            unleased_since.reset();
        else if (!unleased_since)
            unleased_since = now;
        const bool asks = !outcome && (held ? *held : now - *unleased_since >= unleased_patience);
        if (asks) outcome = co_await ask(task, std::move(*found));
        if (asks && unstored_.contains(task.key))
            asio::co_spawn(services_.executor, keep_storing(task, lease), asio::detached);
        else if (held && *held)
            co_await lease.let_go();
        if (outcome) co_return std::move(*outcome);
        if (now >= task.deadline) co_return accounts_slow();
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
        if (auto stored = co_await store(task, found, *fresh)) co_return std::move(*stored);
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

asio::awaitable<std::optional<http::Outcome<Refreshed>>> Refresher::try_store(Task task, FoundSession& found,
                                                                              Grant fresh) {
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
    if (!again) co_return std::nullopt;
    const auto& grant = again->session.account().grant;
    // The lease was lost, and its next holder was faster.
    if (grant.access_token != task.dead.token) co_return Refreshed{grant, again->ticket};
    found = std::move(*again);
    co_return std::nullopt;
}

asio::awaitable<std::optional<http::Outcome<Refreshed>>> Refresher::store(Task task, FoundSession found,
                                                                          Grant fresh) {
    const auto end = std::chrono::steady_clock::now() + store_patience;
    for (auto wait = longest_look; std::chrono::steady_clock::now() < end;
         wait = std::min(wait * 2, longest_store_pause)) {
        if (auto stored = co_await try_store(task, found, fresh)) co_return stored;
        co_await pause(jitter(wait));
    }
    co_return std::nullopt;
}

asio::awaitable<void> Refresher::keep_storing(Task task, RefreshLease lease) {
    auto kept = unstored_.at(task.key);
    const auto end = std::chrono::steady_clock::now() + longest_unstored;
    std::optional<http::Outcome<Refreshed>> stored;
    for (auto wait = longest_look; !stored && std::chrono::steady_clock::now() < end;
         wait = std::min(wait * 2, longest_store_pause)) {
        co_await pause(jitter(wait));
        if (!task.leased) {  // who has it asks Spotify with what may have been replaced
            const auto held = co_await lease.take();
            task.leased = held && *held;
        }
        stored = co_await try_store(task, kept.found, kept.grant);
    }
    if (!stored) services_.log.error("session_not_stored");
    unstored_.erase(task.key);
    co_await lease.let_go();
}

// The refresh token was refused, which is for good, unless it was an old one or Spotify is confused.
asio::awaitable<http::Outcome<Refreshed>> Refresher::give_up(Task task) {
    // Who refreshed without the lease may be about to store what it got.
    if (task.leased && services_.sessions.abilities().shared) co_await pause(longest_store_pause * 3 / 2);
    auto found = co_await read(task.ticket);
    if (!found) co_return found.error();
    const auto& account = found->session.account();
    if (account.grant.access_token != task.dead.token) co_return Refreshed{account.grant, found->ticket};
    if (!task.leased) co_return co_await doubt(std::move(task), account.key);
    if (const auto until = co_await refusals_.count(account.key)) co_return refusing_everybody(*until);
    co_return co_await end_grant(std::move(task), std::move(*found));
}

asio::awaitable<http::Outcome<Refreshed>> Refresher::doubt(Task task, std::string account) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(denied_, [&](const auto& one) { return one.second.until <= now; });
    denied_[task.key] = {task.dead.token, now + denied_time};
    if (const auto until = co_await refusals_.count_here(std::move(account)))
        co_return refusing_everybody(*until);
    co_return store_failure(services_.clock());
}

asio::awaitable<http::Outcome<Refreshed>> Refresher::end_grant(Task task, FoundSession found) {
    const auto marked = co_await mark(task.ticket, std::move(found), true);
    if (!marked) services_.log.warn("session_not_marked");
    if (const auto until = refusals_.open_until()) {  // it opened while the mark was on its way
        co_await refusals_.forgive(std::move(task.ticket));
        co_return refusing_everybody(*until);
    }
    if (!marked || *marked != Replaced::Outcome::done) {
        const auto again = co_await read(task.ticket);
        if (!again) co_return again.error();
        const auto& account = again->session.account();
        // Overtaken: somebody stored a grant.
        if (account.grant.access_token != task.dead.token) co_return Refreshed{account.grant, again->ticket};
        if (!account.reauthorize) co_return store_failure(services_.clock());
    }
    refusals_.believe(std::move(task.ticket));
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
