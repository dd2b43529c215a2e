#include "server/spotify/snapshots.hpp"

#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>

namespace cadenza::server {
namespace {

struct Versioned {
    std::string id;
    std::string snapshot_id;
};
BOOST_DESCRIBE_STRUCT(Versioned, (), (id, snapshot_id))
struct VersionedList {
    json::Lenient<Versioned> items;
};
BOOST_DESCRIBE_STRUCT(VersionedList, (), (items))

constexpr std::string_view folder = "/playlists/";

}  // namespace

void Snapshots::put(Playlist playlist, std::string snapshot, std::int64_t now) {
    if (snapshot.empty() || snapshot.size() > 200) return;
    if (const auto known = seen_.find(playlist); known != seen_.end() && known->second.at > now) return;
    if (seen_.size() >= most)
        std::erase_if(seen_, [&](const auto& one) { return one.second.at + believed_ms <= now; });
    if (seen_.size() >= most) seen_.clear();  // costs requests, nothing else
    seen_.insert_or_assign(std::move(playlist), Seen{std::move(snapshot), now});
}

void Snapshots::learn(const Upstream& row, const std::string& account, SharedBody body, std::int64_t now) {
    const bool is_list = row.path == "/me/playlists";
    if (!is_list && row.path != "/playlists/{id}") return;
    while (!unread_.empty() && unread_.front().at + believed_ms <= now) unread_.pop_front();
    Unread unread{account, is_list, std::move(body), now};
    if (unread.body->size() > most_unread_bytes) return read(unread);
    if (unread_.size() >= most_unread) {
        // It may have said something newer than what is believed; not to know costs requests, nothing else.
        forget_seen(unread_.front().account);
        unread_.pop_front();
    }
    unread_.push_back(std::move(unread));
}

void Snapshots::read(const Unread& unread) {
    const auto learnt = [&](Versioned& one) {
        put({unread.account, std::move(one.id)}, std::move(one.snapshot_id), unread.at);
    };
    if (unread.is_list) {
        auto list = decode<VersionedList>(*unread.body);
        if (list) std::for_each(list->items.items.begin(), list->items.items.end(), learnt);
    } else if (auto playlist = decode<Versioned>(*unread.body)) {
        learnt(*playlist);
    }
}

void Snapshots::read_all_of(const std::string& account, std::int64_t now) {
    for (auto& unread : std::exchange(unread_, {})) {
        if (unread.account == account)
            read(unread);
        else if (unread.at + believed_ms > now)
            unread_.push_back(std::move(unread));
    }
}

std::optional<std::string> Snapshots::find(const std::string& account, std::string_view target,
                                           std::int64_t now) {
    if (!target.starts_with(folder)) return std::nullopt;
    read_all_of(account, now);
    target.remove_prefix(folder.size());
    const auto found = seen_.find({account, std::string(target.substr(0, target.find('/')))});
    if (found == seen_.end() || found->second.at + believed_ms <= now) return std::nullopt;
    return found->second.snapshot;
}

void Snapshots::forget(const std::string& account) {
    std::erase_if(unread_, [&](const Unread& unread) { return unread.account == account; });
    forget_seen(account);
}

void Snapshots::forget_seen(const std::string& account) {
    auto seen = seen_.lower_bound({account, ""});
    while (seen != seen_.end() && seen->first.first == account) seen = seen_.erase(seen);
}

}  // namespace cadenza::server
