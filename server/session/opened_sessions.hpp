#pragma once

#include "server/session/session.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cadenza::server {

// Sessions whose sealed text was opened lately. A page asks many times with the same cookie, and opening
// costs more than the rest of a small answer. Equal text opens to an equal session, so nothing here grows
// old; the text is compared whole, so nothing passes that was not authenticated before.
class OpenedSessions {
public:
    // The least recently used leave first.
    explicit OpenedSessions(std::size_t capacity) noexcept : capacity_(capacity) {}

    // `name` is any short part of what makes it this session's; nullptr when that text was not opened.
    const Session* find(std::string_view name, std::string_view sealed);
    // In place of what had that name.
    void put(std::string name, std::string sealed, Session session);
    void clear();
    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct Entry {
        std::string name;
        std::string sealed;
        Session session;
    };
    void drop(std::list<Entry>::iterator entry);

    std::size_t capacity_;
    std::list<Entry> entries_;  // the least recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator>
        by_name_;  // its keys are the entries' own
};

}  // namespace cadenza::server
