// /search, and one of anything by its id with what hangs below it.
#include "server/emulator/call.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::size_t most_results = 10;  // since February 2026

Index find(const ById& by_id, const std::string& id) {
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
    out.reserve(found.size());
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
        : call_(call),
          limit_(call.limit(5, most_results)),
          offset_(call.offset(1'000)),
          shapes_(call.shapes()) {
        const auto text = call.parameter("q");
        if (!text || text->empty()) throw ApiError{400, "No search query", {}};
        query_ = plain_query(*text);
    }

    Json run(const std::string& type) {
        type_ = type;
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
        const auto named = [](const auto& one) { return one.name; };
        if (type == "show")
            return page(matching(catalogue.shows, query_, named),
                        [&](Index i) { return shapes_.simple_show(i); });
        if (type == "episode")
            return page(matching(catalogue.episodes, query_, named),
                        [&](Index i) { return shapes_.simple_episode(i); });
        if (type == "audiobook")
            return page(matching(catalogue.audiobooks, query_,
                                 [](const Audiobook& a) { return a.name + " " + a.author; }),
                        [&](Index i) { return shapes_.simple_audiobook(i); });
        throw ApiError{400, "Bad search type field " + type, {}};
    }

private:
    template <class At>
    Json page(const std::vector<Index>& found, At&& at) {
        return list(found.size(), [&](std::size_t i) { return at(found[i]); });
    }

    // Each group's next page is a search of that type alone.
    Json list(std::size_t total, const std::function<Json(std::size_t)>& at) const {
        const auto link = [&](std::size_t offset, std::size_t limit) {
            return call_.address(
                {{"type", type_}, {"offset", std::to_string(offset)}, {"limit", std::to_string(limit)}});
        };
        return paging(link, offset_, limit_, total, at);
    }

    // Spotify's own playlists come as null, since November 2024.
    Json playlists() {
        std::vector<const Playlist*> found;
        for (const auto& [id, playlist] : call_.world.playlists)
            if (matches_words(fold(playlist.name), query_) && (playlist.is_public || call_.owns(playlist)))
                found.push_back(&playlist);
        return list(found.size(), [&](std::size_t i) -> Json {
            if (found[i]->ownership == Ownership::editorial) return nullptr;
            return shapes_.playlist(*found[i]);
        });
    }

    Call& call_;
    std::size_t limit_;
    std::size_t offset_;
    Shapes shapes_;
    std::string query_;
    std::string type_;
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
    const auto asked = [&](const std::string& group) {
        return std::find(groups.begin(), groups.end(), group) != groups.end();
    };
    const auto& albums = call.world.catalogue.albums;
    std::vector<Index> found;
    for (const auto index : artist.albums)
        if (asked(albums[index].type)) found.push_back(index);
    if (asked("appears_on")) found.insert(found.end(), artist.appears_on.begin(), artist.appears_on.end());
    std::sort(found.begin(), found.end(),
              [&](Index a, Index b) { return albums[a].release_date > albums[b].release_date; });
    return call.page(
        found.size(), [&](std::size_t i) { return call.shapes().simple_album(found[i]); }, 5, most_results);
}

using Shape = Json (Shapes::*)(Index) const;

http::Response whole(const Call& call, const ById& by_id, Shape shape) {
    return api_json((call.shapes().*shape)(find(by_id, call.path[1])));
}

http::Response below(const Call& call, const std::vector<Index>& list, Shape shape) {
    return call.page(list.size(), [&](std::size_t i) { return (call.shapes().*shape)(list[i]); });
}

// GET /<kind>/{id}
std::optional<http::Response> one(Call& call) {
    const auto& catalogue = call.world.catalogue;
    const auto& kind = call.path[0];
    if (kind == "tracks") return whole(call, catalogue.track_by_id, &Shapes::track);
    if (kind == "albums") return whole(call, catalogue.album_by_id, &Shapes::album);
    if (kind == "artists") return whole(call, catalogue.artist_by_id, &Shapes::artist);
    if (kind == "shows") return whole(call, catalogue.show_by_id, &Shapes::show);
    if (kind == "episodes") return whole(call, catalogue.episode_by_id, &Shapes::episode);
    if (kind == "audiobooks") return whole(call, catalogue.audiobook_by_id, &Shapes::audiobook);
    if (kind == "chapters") return whole(call, catalogue.chapter_by_id, &Shapes::chapter);
    return std::nullopt;
}

// GET /<kind>/{id}/<list>
std::optional<http::Response> list_of_one(Call& call) {
    const auto& catalogue = call.world.catalogue;
    const auto& path = call.path;
    if (path[0] == "albums" && path[2] == "tracks")
        return below(call, catalogue.albums[find(catalogue.album_by_id, path[1])].tracks,
                     &Shapes::simple_track);
    if (path[0] == "artists" && path[2] == "albums")
        return artist_albums(call, catalogue.artists[find(catalogue.artist_by_id, path[1])]);
    if (path[0] == "shows" && path[2] == "episodes")
        return below(call, catalogue.shows[find(catalogue.show_by_id, path[1])].episodes,
                     &Shapes::simple_episode);
    if (path[0] == "audiobooks" && path[2] == "chapters")
        return below(call, catalogue.audiobooks[find(catalogue.audiobook_by_id, path[1])].chapters,
                     &Shapes::simple_chapter);
    return std::nullopt;
}

}  // namespace

std::optional<http::Response> catalogue_api(Call& call) {
    const auto& path = call.path;
    if (call.request.method != Method::get) return std::nullopt;
    if (path.size() == 1 && path[0] == "search") return search(call);
    if (path.size() == 2) return one(call);
    if (path.size() == 3) return list_of_one(call);
    return std::nullopt;
}

}  // namespace cadenza::emulator
