#include "server/session/opened_sessions.hpp"

#include <iterator>
#include <utility>

namespace cadenza::server {

const Session* OpenedSessions::find(std::string_view name, std::string_view sealed) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end() || found->second->sealed != sealed) return nullptr;
    entries_.splice(entries_.end(), entries_, found->second);
    return &found->second->session;
}

void OpenedSessions::put(std::string name, std::string sealed, Session session) {
    if (const auto found = by_name_.find(name); found != by_name_.end()) drop(found->second);
    if (entries_.size() >= capacity_) drop(entries_.begin());
    entries_.push_back({std::move(name), std::move(sealed), std::move(session)});
    by_name_[entries_.back().name] = std::prev(entries_.end());
}

void OpenedSessions::drop(std::list<Entry>::iterator entry) {
    by_name_.erase(entry->name);
    entries_.erase(entry);
}

void OpenedSessions::clear() {
    by_name_.clear();
    entries_.clear();
}

}  // namespace cadenza::server
