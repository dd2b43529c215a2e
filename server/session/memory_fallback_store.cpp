#include "server/session/memory_fallback_store.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

constexpr std::size_t most_endings = 10'000;

}  // namespace

asio::awaitable<bool> MemoryFallbackStore::recover() {
    if (endings_.empty() && sids_.empty()) co_return true;
    co_return co_await recoveries_.run("", [this] { return work_off(); });
}

asio::awaitable<bool> MemoryFallbackStore::is_current() { co_return co_await recover() || endings_.empty(); }

asio::awaitable<bool> MemoryFallbackStore::work_off() {
    std::int64_t ended = 0;
    std::int64_t moved = 0;
    while (!endings_.empty() || !sids_.empty()) {
        if (!endings_.empty()) {
            auto ending = endings_.front();
            if (const auto done = co_await ending.carry_out(); !done) co_return false;
            endings_.pop_front();
            ++ended;
            continue;
        }
        const auto [key, sid] = *sids_.begin();
        if (const auto done = co_await move(key, sid); !done) co_return false;
        ++moved;
    }
    log_.info("fallback_worked_off", {{"ended", ended}, {"moved", moved}});
    co_return true;
}

asio::awaitable<Status> MemoryFallbackStore::move(std::string key, Secret sid) {
    const auto moving = co_await memory_.find(sid, clock_());
    if (!moving) co_return moving.error();
    if (*moving) {
        const auto version = (*moving)->session.version;
        if (const auto done = co_await redis_.adopt(sid, (*moving)->session, clock_()); !done)
            co_return done.error();
        // It may have changed on the way; what ended on the way is on the list.
        const auto now = co_await memory_.find(sid, clock_());
        if (now && *now && (*now)->session.version != version) {
            auto session = (*now)->session;
            session.version = version;
            if (const auto done = co_await redis_.replace(sid, std::move(session)); !done)
                co_return done.error();
        }
    }
    sids_.erase(key);
    co_return co_await memory_.erase(key);
}

asio::awaitable<Status> MemoryFallbackStore::end(Ending ending) {
    // While something moves, it may be what is to end here, and reach Redis after the ending.
    if (endings_.empty() && sids_.empty() && recoveries_.in_flight() == 0) {
        if (const auto done = co_await ending.carry_out(); done) co_return done;
    }
    if (endings_.size() >= most_endings)
        co_return Error{Errc::storage_failed, "too much waits for Redis already"};
    endings_.push_back(std::move(ending));
    co_await recover();  // still out: later
    co_return Status{};
}

bool MemoryFallbackStore::is_ending(const std::string& key) const {
    return std::any_of(endings_.begin(), endings_.end(),
                       [&](const Ending& ending) { return ending.key == key; });
}

asio::awaitable<Result<std::optional<FoundSession>>> MemoryFallbackStore::find(Secret ticket,
                                                                               std::int64_t now) {
    const auto key = key_of(ticket);
    if (key.empty()) co_return std::optional<FoundSession>{};
    const bool current = co_await is_current();
    if (sids_.contains(key)) co_return co_await memory_.find(std::move(ticket), now);
    if (is_ending(key)) co_return std::optional<FoundSession>{};
    if (!current) co_return Error{Errc::storage_failed, "Redis is out"};
    co_return co_await redis_.find(std::move(ticket), now);
}

asio::awaitable<Result<Secret>> MemoryFallbackStore::create(Session session, std::int64_t now) {
    std::string why = "Redis is out";
    if (co_await recover()) {
        auto created = co_await redis_.create(session, now);
        if (created) co_return created;
        why = created.error().detail;
    }
    if (sids_.empty()) log_.warn("session_kept_in_memory", {{"error", why}});
    auto created = co_await memory_.create(std::move(session), now);
    if (created) sids_[key_of(*created)] = *created;
    co_return created;
}

asio::awaitable<Result<Replaced>> MemoryFallbackStore::replace(Secret ticket, Session session) {
    if (sids_.contains(key_of(ticket)))
        co_return co_await memory_.replace(std::move(ticket), std::move(session));
    co_return co_await redis_.replace(std::move(ticket), std::move(session));
}

asio::awaitable<Status> MemoryFallbackStore::erase(std::string key) {
    (void)co_await memory_.erase(key);
    sids_.erase(key);
    co_return co_await end({key, [this, key] { return redis_.erase(key); }});
}

asio::awaitable<Status> MemoryFallbackStore::erase_account(std::string account) {
    (void)co_await memory_.erase_account(account);
    co_return co_await end({"", [this, account] { return redis_.erase_account(account); }});
}

asio::awaitable<Result<std::vector<SessionSummary>>> MemoryFallbackStore::list(std::string account,
                                                                               std::int64_t now) {
    if (!co_await is_current()) co_return Error{Errc::storage_failed, "Redis is out"};
    auto listed = co_await redis_.list(account, now);
    const auto here = co_await memory_.list(std::move(account), now);
    if (!listed || !here) co_return listed;  // those in memory alone would look like all there are
    for (const auto& waiting : *here) {
        // One that is on its way is in both.
        std::erase_if(*listed, [&](const auto& moved) { return moved.id == waiting.id; });
        listed->push_back(waiting);
    }
    co_return listed;
}

asio::awaitable<Result<bool>> MemoryFallbackStore::revoke(std::string account, std::string id) {
    // One that is here may be in Redis too: on its way there, or moved by a command whose answer was lost.
    const auto here = co_await memory_.revoke(account, id);
    const bool is_here = here && *here;
    if (!is_here && co_await is_current()) {
        auto there = co_await redis_.revoke(account, id);
        if (there) co_return there;
    }
    const auto later = co_await end({"", [this, account, id]() -> asio::awaitable<Status> {
                                         const auto done = co_await redis_.revoke(account, id);
                                         if (!done) co_return done.error();
                                         co_return Status{};
                                     }});
    if (!later) co_return later.error();
    co_return true;  // or whether there is one only Redis knows
}

asio::awaitable<Status> MemoryFallbackStore::revoke_others(std::string account, std::string kept_id) {
    (void)co_await memory_.revoke_others(account, kept_id);
    co_return co_await end({"", [this, account, kept_id] { return redis_.revoke_others(account, kept_id); }});
}

asio::awaitable<Result<bool>> MemoryFallbackStore::hold(std::string key, std::string holder,
                                                        std::chrono::milliseconds time) {
    if (sids_.contains(key)) co_return true;
    co_return co_await redis_.hold(std::move(key), std::move(holder), time);
}

asio::awaitable<Status> MemoryFallbackStore::let_go(std::string key, std::string holder) {
    if (sids_.contains(key)) co_return Status{};
    co_return co_await redis_.let_go(std::move(key), std::move(holder));
}

}  // namespace cadenza::server
