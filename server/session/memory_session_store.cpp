#include "server/session/memory_session_store.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

bool holds(const Session& session, const std::string& account) {
    return std::any_of(session.accounts.begin(), session.accounts.end(),
                       [&](const Account& held) { return held.key == account; });
}

std::int64_t milliseconds(std::chrono::seconds time) { return std::chrono::milliseconds(time).count(); }

}  // namespace

std::int64_t reauthorize_at(const Grant& grant) noexcept {
    constexpr std::int64_t day = 24LL * 3600 * 1000;
    return grant.authorized_at + 181 * day;  // the shortest six months
}

bool MemorySessionStore::expired(const Session& session, std::int64_t now) const {
    return now - session.last_used >= milliseconds(options_.idle) ||
           now - session.created_at >= milliseconds(options_.absolute);
}

void MemorySessionStore::remove(Entries::iterator entry) {
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

asio::awaitable<Result<std::optional<Session>>> MemorySessionStore::find(std::string key, std::int64_t now) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) co_return std::optional<Session>{};
    const auto entry = found->second;
    if (expired(entry->session, now)) {
        remove(entry);
        co_return std::optional<Session>{};
    }
    entry->session.last_used = now;
    entries_.splice(entries_.end(), entries_, entry);
    co_return std::optional<Session>(entry->session);
}

void MemorySessionStore::make_room(const Session& arriving, std::int64_t now) {
    while (!entries_.empty() && expired(entries_.front().session, now)) remove(entries_.begin());
    if (entries_.size() >= options_.capacity) remove(entries_.begin());
    const auto& account = arriving.account().key;
    const auto of_account = [&](const Entry& entry) { return holds(entry.session, account); };
    const auto count = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), of_account));
    if (count >= options_.per_account) remove(std::find_if(entries_.begin(), entries_.end(), of_account));
}

asio::awaitable<Status> MemorySessionStore::create(std::string key, Session session, std::int64_t now) {
    make_room(session, now);
    session.created_at = now;
    session.last_used = now;
    entries_.push_back({key, std::move(session)});
    by_key_[std::move(key)] = std::prev(entries_.end());
    co_return Status{};
}

asio::awaitable<Status> MemorySessionStore::replace(std::string key, Session session) {
    if (const auto found = by_key_.find(key); found != by_key_.end())
        found->second->session = std::move(session);
    co_return Status{};
}

asio::awaitable<Status> MemorySessionStore::erase(std::string key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) remove(found->second);
    co_return Status{};
}

asio::awaitable<Status> MemorySessionStore::erase_account(std::string account) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const auto next = std::next(entry);
        if (holds(entry->session, account)) remove(entry);
        entry = next;
    }
    co_return Status{};
}

}  // namespace cadenza::server
