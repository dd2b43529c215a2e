#include "server/session/memory_session_store.hpp"

#include "server/session/sid.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

bool holds(const Session& session, const std::string& account) {
    return std::any_of(session.accounts.begin(), session.accounts.end(),
                       [&](const Account& held) { return held.key == account; });
}

}  // namespace

std::string MemorySessionStore::key_of(const Secret& ticket) const {
    return is_sid(ticket.reveal()) ? store_key(ticket.reveal()) : std::string();
}

void MemorySessionStore::remove(Entries::iterator entry) {
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

void MemorySessionStore::end(Entries::iterator entry, std::string_view reason) {
    remove(entry);
    options_.on_end(reason);
}

template <class Ends>
std::size_t MemorySessionStore::remove_of(const std::string& account, Ends ends) {
    std::size_t count = 0;
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const auto next = std::next(entry);
        if (holds(entry->session, account) && ends(entry->session)) {
            remove(entry);
            ++count;
        }
        entry = next;
    }
    return count;
}

asio::awaitable<Result<std::optional<FoundSession>>> MemorySessionStore::find(Secret ticket,
                                                                              std::int64_t now) {
    const auto found = by_key_.find(key_of(ticket));
    if (found == by_key_.end()) co_return std::optional<FoundSession>{};
    const auto entry = found->second;
    if (options_.lifetimes.over(entry->session, now)) {
        end(entry, "expired");
        co_return std::optional<FoundSession>{};
    }
    entry->session.last_used = now;
    entries_.splice(entries_.end(), entries_, entry);
    co_return std::optional<FoundSession>({entry->key, entry->session, {}});
}

void MemorySessionStore::make_room(const Session& arriving, std::int64_t now) {
    while (!entries_.empty() && options_.lifetimes.over(entries_.front().session, now))
        end(entries_.begin(), "expired");
    if (entries_.size() >= options_.capacity) end(entries_.begin(), "evicted");
    const auto& account = arriving.account().key;
    const auto of_account = [&](const Entry& entry) { return holds(entry.session, account); };
    const auto count = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), of_account));
    if (count >= options_.per_account)
        end(std::find_if(entries_.begin(), entries_.end(), of_account), "evicted");
}

asio::awaitable<Result<Secret>> MemorySessionStore::create(Session session, std::int64_t now) {
    make_room(session, now);
    Secret ticket(new_sid(session.account().key));
    auto key = key_of(ticket);
    session.created_at = now;
    session.last_used = now;
    session.id = public_id(key);
    entries_.push_back({key, std::move(session)});
    by_key_[std::move(key)] = std::prev(entries_.end());
    co_return ticket;
}

asio::awaitable<Result<Replaced>> MemorySessionStore::replace(Secret ticket, Session session) {
    const auto found = by_key_.find(key_of(ticket));
    if (found == by_key_.end()) co_return Replaced{Replaced::Outcome::ended, {}};
    auto& there = found->second->session;
    if (there.version != session.version) co_return Replaced{Replaced::Outcome::overtaken, {}};
    session.last_used = there.last_used;
    ++session.version;
    there = std::move(session);
    co_return Replaced{Replaced::Outcome::done, {}};
}

asio::awaitable<Status> MemorySessionStore::erase(std::string key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) remove(found->second);
    co_return Status{};
}

asio::awaitable<Status> MemorySessionStore::erase_account(std::string account) {
    remove_of(account, [](const Session&) { return true; });
    co_return Status{};
}

asio::awaitable<Result<std::vector<SessionSummary>>> MemorySessionStore::list(std::string account,
                                                                              std::int64_t now) {
    std::vector<SessionSummary> out;
    for (const auto& [key, session] : entries_)
        if (holds(session, account) && !options_.lifetimes.over(session, now))
            out.push_back(summary_of(session));
    co_return out;
}

asio::awaitable<Result<bool>> MemorySessionStore::revoke(std::string account, std::string id) {
    co_return remove_of(account, [&](const Session& session) { return session.id == id; }) > 0;
}

asio::awaitable<Status> MemorySessionStore::revoke_others(std::string account, std::string kept_id) {
    remove_of(account, [&](const Session& session) { return session.id != kept_id; });
    co_return Status{};
}

}  // namespace cadenza::server
