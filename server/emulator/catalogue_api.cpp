// /search, /tracks/{id}, /albums/{id}, /artists/{id} and what hangs below them.
#include "server/emulator/call.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::size_t most_results = 10;  // since February 2026

Index find(const std::unordered_map<std::string, Index>& by_id, const std::string& id) {
    const auto found = by_id.find(id);
    if (found != by_id.end()) return found->second;
    if (id.size() != 22) throw ApiError{400, "Invalid base62 id", {}};
    throw ApiError{404, "Resource not found", {}};
}

// Those of `list` whose text has every word of the query; exact beginnings come first.
template <class List, class Text>
std::vector<Index> matching(const List& list, const std::string& query, Text&& text_of) {
    std::vector<std::pair<bool, Index>> found;
    for (Index i = 0; i < list.size(); ++i) {
        const auto text = fold(text_of(list[i]));
        if (matches_words(text, query)) found.emplace_back(text.rfind(query, 0) != 0, i);
    }
    std::sort(found.begin(), found.end());
    std::vector<Index> out;
    for (const auto& [rank, index] : found) out.push_back(index);
    return out;
}

// `artist:"x" track:"y"` → "x y": filters only narrow, and every word must match anyway.
std::string plain_query(std::string query) {
    for (const auto* filter : {"artist:", "track:", "album:", "year:", "tag:new"}) {
        const std::string word = filter;
        for (auto at = query.find(word); at != query.npos; at = query.find(word))
            query.replace(at, word.size(), " ");
    }
    return fold(query);
}

class Search {
public:
    explicit Search(Call& call)
        : call_(call), limit_(call.limit(5, most_results)), offset_(call.offset(1'000)), shapes_(call.world) {
        const auto text = call.parameter("q");
        if (!text || text->empty()) throw ApiError{400, "No search query", {}};
        query_ = plain_query(*text);
    }

    Json run(const std::string& type) {
        const auto& catalogue = call_.world.catalogue;
        const auto names = [&](const std::vector<Index>& artists) {
            std::string out;
            for (const auto artist : artists) out += " " + catalogue.artists[artist].name;
            return out;
        };
        if (type == "artist")
            return page(matching(catalogue.artists, query_, [](const Artist& a) { return a.name; }),
                        [&](Index i) { return shapes_.artist(i); });
        if (type == "album")
            return page(
                matching(catalogue.albums, query_, [&](const Album& a) { return a.name + names(a.artists); }),
                [&](Index i) { return shapes_.simple_album(i); });
        if (type == "track")
            return page(
                matching(catalogue.tracks, query_, [&](const Track& t) { return t.name + names(t.artists); }),
                [&](Index i) { return shapes_.track(i); });
        if (type == "playlist") return playlists();
        if (type == "show" || type == "episode" || type == "audiobook")
            return page({}, [](Index) { return Json(); });
        throw ApiError{400, "Bad search type field " + type, {}};
    }

private:
    template <class At>
    Json page(const std::vector<Index>& found, At&& at) {
        return paging(call_.address(), offset_, limit_, found.size(),
                      [&](std::size_t i) { return at(found[i]); });
    }

    // Spotify's own playlists come as null, since November 2024.
    Json playlists() {
        std::vector<const Playlist*> found;
        for (const auto& [id, playlist] : call_.world.playlists)
            if (matches_words(fold(playlist.name), query_) &&
                (playlist.is_public || &call_.world.users[playlist.owner] == &call_.user))
                found.push_back(&playlist);
        return paging(call_.address(), offset_, limit_, found.size(), [&](std::size_t i) -> Json {
            if (found[i]->ownership == Ownership::editorial) return nullptr;
            return shapes_.playlist(*found[i]);
        });
    }

    Call& call_;
    std::size_t limit_;
    std::size_t offset_;
    Shapes shapes_;
    std::string query_;
};

http::Response search(Call& call) {
    const auto types = call.parameter("type");
    if (!types) throw ApiError{400, "Missing parameter type", {}};
    Search search(call);
    Json out = Json::object();
    for (const auto& type : split(*types, ',')) out[type + "s"] = search.run(type);
    return api_json(out);
}

http::Response artist_albums(Call& call, const Artist& artist) {
    const auto groups =
        split(call.parameter("include_groups").value_or("album,single,appears_on,compilation"), ',');
    std::vector<Index> found;
    for (const auto index : artist.albums) {
        const auto& type = call.world.catalogue.albums[index].type;
        if (std::find(groups.begin(), groups.end(), type) != groups.end()) found.push_back(index);
    }
    std::sort(found.begin(), found.end(), [&](Index a, Index b) {
        return call.world.catalogue.albums[a].release_date > call.world.catalogue.albums[b].release_date;
    });
    return api_json(paging(call.address(), call.offset(), call.limit(5, most_results), found.size(),
                           [&](std::size_t i) { return call.shapes().simple_album(found[i]); }));
}

}  // namespace

std::optional<http::Response> catalogue_api(Call& call) {
    const auto& path = call.path;
    if (call.request.method != Method::get || path.empty()) return std::nullopt;
    if (path[0] == "search" && path.size() == 1) return search(call);
    if (path.size() < 2) return std::nullopt;
    const auto& catalogue = call.world.catalogue;
    if (path[0] == "tracks" && path.size() == 2)
        return api_json(call.shapes().track(find(catalogue.track_by_id, path[1])));
    if (path[0] == "albums") {
        const auto index = find(catalogue.album_by_id, path[1]);
        if (path.size() == 2) return api_json(call.shapes().album(index));
        if (path.size() == 3 && path[2] == "tracks") {
            const auto& tracks = catalogue.albums[index].tracks;
            return api_json(paging(call.address(), call.offset(), call.limit(20, 50), tracks.size(),
                                   [&](std::size_t i) { return call.shapes().simple_track(tracks[i]); }));
        }
    }
    if (path[0] == "artists" && path.size() == 2)
        return api_json(call.shapes().artist(find(catalogue.artist_by_id, path[1])));
    if (path[0] == "artists" && path.size() == 3 && path[2] == "albums")
        return artist_albums(call, catalogue.artists[find(catalogue.artist_by_id, path[1])]);
    return std::nullopt;
}

}  // namespace cadenza::emulator
