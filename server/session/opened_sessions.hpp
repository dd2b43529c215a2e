#pragma once

#include "server/session/session.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cadenza::server {

// Sessions whose sealed text was opened lately. A page asks many times with the same cookie, and opening
// costs more than the rest of a small answer. Equal text opens to an equal session, so nothing here grows
// old; the text is compared whole, so nothing passes that was not authenticated before. What is not used for
// a while goes, as tokens are in it.
class OpenedSessions {
public:
    // At most `capacity`; the least recently used leave first.
    explicit OpenedSessions(std::size_t capacity,
                            std::chrono::milliseconds kept = std::chrono::minutes(10)) noexcept
        : capacity_(capacity), kept_(kept) {}
    OpenedSessions(const OpenedSessions&) = delete;
    OpenedSessions& operator=(const OpenedSessions&) = delete;

    // `name` is any short part of what makes it this session's; nullptr when that text was not opened.
    const Session* find(std::string_view name, std::string_view sealed);
    // In place of what had that name.
    void put(std::string name, std::string sealed, Session session);
    void forget(std::string_view name);
    // All of Session::id.
    void forget_session(std::string_view id);
    void clear();
    std::size_t size() const noexcept { return entries_.size(); }

private:
    using Instant = std::chrono::steady_clock::time_point;
    struct Entry {
        std::string name;
        std::string sealed;
        Session session;
        Instant used;
    };
    using Entries = std::list<Entry>;
    Entries::iterator drop(Entries::iterator entry);
    void drop_unused(Instant now);

    std::size_t capacity_;
    std::chrono::milliseconds kept_;
    Entries entries_;                                                  // the least recently used first
    std::unordered_map<std::string_view, Entries::iterator> by_name_;  // its keys are the entries' own
};

}  // namespace cadenza::server
