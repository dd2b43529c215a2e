#include "server/emulator/covers.hpp"
#include "server/emulator/values.hpp"
#include "server/emulator/world.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::size_t max_covers = 400;  // kept rendered

// How to draw it, when there is such a thing.
std::optional<Art> art_of(World& world, const std::string& kind, const std::string& id) {
    const auto& catalogue = world.catalogue;
    const auto known = [&](const ById& by_id, Art art) {
        return by_id.count(id) > 0 ? std::optional(art) : std::nullopt;
    };
    if (kind == "album") return known(catalogue.album_by_id, Art::album);
    if (kind == "artist") return known(catalogue.artist_by_id, Art::artist);
    if (kind == "show") return known(catalogue.show_by_id, Art::album);
    if (kind == "audiobook") return known(catalogue.audiobook_by_id, Art::album);
    if (kind == "playlist") return world.find_playlist(id) ? std::optional(Art::playlist) : std::nullopt;
    const bool person = kind == "user" && std::any_of(world.users.begin(), world.users.end(),
                                                      [&](const User& user) { return user.id == id; });
    return person ? std::optional(Art::artist) : std::nullopt;
}

int size_of(std::string_view file) {
    return file == "640.png" ? 640 : file == "300.png" ? 300 : file == "64.png" ? 64 : 0;
}

http::Response picture(std::shared_ptr<const std::string> content, const char* type) {
    http::Response response;
    response.shared_body = std::move(content);
    response.headers = {{"Content-Type", type},
                        {"Cache-Control", "public, max-age=86400"},
                        {"Cross-Origin-Resource-Policy", "cross-origin"}};
    return response;
}

}  // namespace

http::Response cover(World& world, std::string_view path) {
    const auto missing = [] { return http::Response::text(404, "Not found\n"); };
    const auto parts = split(path, '/');
    if (parts.size() != 3) return missing();
    const auto kind = art_of(world, parts[0], parts[1]);
    if (!kind) return missing();
    if (parts[0] == "playlist" && parts[2].ends_with(".jpg")) {
        const auto& sent = world.find_playlist(parts[1])->picture;
        return sent.empty() ? missing() : picture(std::make_shared<const std::string>(sent), "image/jpeg");
    }
    const int size = size_of(parts[2]);
    if (size == 0) return missing();
    if (world.covers.size() >= max_covers) world.covers.clear();
    auto& content = world.covers[std::string(path)];
    if (!content) content = std::make_shared<const std::string>(render_cover(*kind, parts[1], size));
    return picture(content, "image/png");
}

}  // namespace cadenza::emulator
