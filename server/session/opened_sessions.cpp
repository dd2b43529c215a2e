#include "server/session/opened_sessions.hpp"

#include <iterator>
#include <utility>

namespace cadenza::server {

const Session* OpenedSessions::find(std::string_view name, std::string_view sealed) {
    const auto now = std::chrono::steady_clock::now();
    drop_unused(now);
    const auto found = by_name_.find(name);
    if (found == by_name_.end() || found->second->sealed != sealed) return nullptr;
    found->second->used = now;
    entries_.splice(entries_.end(), entries_, found->second);
    return &found->second->session;
}

void OpenedSessions::put(std::string name, std::string sealed, Session session) {
    const auto now = std::chrono::steady_clock::now();
    drop_unused(now);
    forget(name);
    if (capacity_ == 0) return;
    if (entries_.size() >= capacity_) drop(entries_.begin());
    entries_.push_back({std::move(name), std::move(sealed), std::move(session), now});
    by_name_[entries_.back().name] = std::prev(entries_.end());
}

void OpenedSessions::forget(std::string_view name) {
    if (const auto found = by_name_.find(name); found != by_name_.end()) drop(found->second);
}

void OpenedSessions::forget_session(std::string_view id) {
    for (auto entry = entries_.begin(); entry != entries_.end();)
        entry = entry->session.id == id ? drop(entry) : std::next(entry);
}

OpenedSessions::Entries::iterator OpenedSessions::drop(Entries::iterator entry) {
    by_name_.erase(entry->name);
    return entries_.erase(entry);
}

void OpenedSessions::drop_unused(Instant now) {
    while (!entries_.empty() && entries_.front().used + kept_ <= now) drop(entries_.begin());
}

void OpenedSessions::clear() {
    by_name_.clear();
    entries_.clear();
}

}  // namespace cadenza::server
