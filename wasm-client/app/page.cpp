#include "wasm-client/app/page.hpp"

#include "shared/base/query.hpp"

#include <array>

namespace cadenza::client {
namespace {

constexpr std::array<std::string_view, 4> shelves{"tracks", "playlists", "albums", "artists"};

std::string parameter(std::string_view address, std::string_view name) {
    const auto question = address.find('?');
    if (question == address.npos) return {};
    const auto parameters = parse_query(address.substr(question + 1));
    if (!parameters) return {};
    for (const auto& [key, value] : *parameters)
        if (key == name) return value;
    return {};
}

template <class P, class Id>
std::optional<Page> with_id(std::string_view path, std::string_view folder) {
    if (!path.starts_with(folder)) return std::nullopt;
    auto id = Id::parse(path.substr(folder.size()));
    if (!id) return std::nullopt;
    return P{std::move(*id)};
}

struct Address {
    std::string operator()(const page::Home&) const { return "/"; }
    std::string operator()(const page::Search& search) const {
        return search.query.empty() ? "/search" : "/search?q=" + percent_encode(search.query);
    }
    std::string operator()(const page::Library& library) const {
        return "/library/" + std::string(shelves[static_cast<std::size_t>(library.shelf)]);
    }
    std::string operator()(const page::Playlist& playlist) const { return "/playlist/" + playlist.id.str(); }
    std::string operator()(const page::Album& album) const { return "/album/" + album.id.str(); }
    std::string operator()(const page::Artist& artist) const { return "/artist/" + artist.id.str(); }
    std::string operator()(const page::Settings&) const { return "/settings"; }
};

}  // namespace

Page parse_page(std::string_view address) {
    const auto path = address.substr(0, address.find('?'));
    if (path == "/search") return page::Search{parameter(address, "q")};
    if (path == "/settings") return page::Settings{};
    for (std::size_t i = 0; i < shelves.size(); ++i)
        if (path.starts_with("/library/") && path.substr(9) == shelves[i])
            return page::Library{static_cast<page::Shelf>(i)};
    if (auto found = with_id<page::Playlist, PlaylistId>(path, "/playlist/")) return *found;
    if (auto found = with_id<page::Album, AlbumId>(path, "/album/")) return *found;
    if (auto found = with_id<page::Artist, ArtistId>(path, "/artist/")) return *found;
    return page::Home{};
}

std::string address_of(const Page& page) { return std::visit(Address{}, page); }

std::string problem_in(std::string_view address) { return parameter(address, "problem"); }

}  // namespace cadenza::client
