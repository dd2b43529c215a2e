#include "server/spotify/snapshots.hpp"

#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

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
    if (seen_.size() >= most)
        std::erase_if(seen_, [&](const auto& one) { return one.second.at + believed_ms <= now; });
    if (seen_.size() >= most) seen_.clear();  // costs requests, nothing else
    seen_.insert_or_assign(std::move(playlist), Seen{std::move(snapshot), now});
}

void Snapshots::learn(const Upstream& row, const std::string& account, std::string_view body,
                      std::int64_t now) {
    if (row.path == "/playlists/{id}") {
        auto playlist = decode<Versioned>(body);
        if (playlist) put({account, std::move(playlist->id)}, std::move(playlist->snapshot_id), now);
    } else if (row.path == "/me/playlists") {
        auto list = decode<VersionedList>(body);
        if (!list) return;
        for (auto& playlist : list->items.items)
            put({account, std::move(playlist.id)}, std::move(playlist.snapshot_id), now);
    }
}

std::optional<std::string> Snapshots::find(const std::string& account, std::string_view target,
                                           std::int64_t now) const {
    if (!target.starts_with(folder)) return std::nullopt;
    target.remove_prefix(folder.size());
    const auto found = seen_.find({account, std::string(target.substr(0, target.find('/')))});
    if (found == seen_.end() || found->second.at + believed_ms <= now) return std::nullopt;
    return found->second.snapshot;
}

void Snapshots::forget(const std::string& account) {
    auto seen = seen_.lower_bound({account, ""});
    while (seen != seen_.end() && seen->first.first == account) seen = seen_.erase(seen);
}

}  // namespace cadenza::server
