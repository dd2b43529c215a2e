#include "server/emulator/call.hpp"

#include "shared/base/query.hpp"

#include <algorithm>

namespace cadenza::emulator {

Shapes Call::shapes() const { return Shapes(world, may("user-read-playback-position")); }

void Call::need(std::initializer_list<const char*> any) const {
    if (std::none_of(any.begin(), any.end(), [&](const char* scope) { return may(scope); }))
        throw ApiError{403, "Insufficient client scope", {}};
}

std::size_t Call::limit(std::size_t fallback, std::size_t most) const {
    const auto text = parameter("limit");
    if (!text) return fallback;
    return static_cast<std::size_t>(number_in(*text, "limit", 1, static_cast<std::int64_t>(most)));
}

std::size_t Call::offset(std::size_t most) const {
    const auto text = parameter("offset");
    if (!text) return 0;
    return static_cast<std::size_t>(number_in(*text, "offset", 0, static_cast<std::int64_t>(most)));
}

std::optional<std::string> Call::parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t Call::number(const char* name, std::int64_t least, std::int64_t most) const {
    const auto text = parameter(name);
    if (!text) throw ApiError{400, std::string("Missing required field: ") + name, {}};
    return number_in(*text, name, least, most);
}

std::string Call::address(const std::vector<std::pair<std::string, std::string>>& parameters) const {
    // `base` ends with the prefix already, so the path must not begin with it.
    auto out = world.options.base + request.path.substr(world.options.prefix.size());
    char separator = '?';
    const auto add = [&](const std::string& name, const std::string& value) {
        out.append(1, separator).append(name).append("=").append(percent_encode(value));
        separator = '&';
    };
    for (const auto& [name, value] : query) {
        const bool replaced = std::any_of(parameters.begin(), parameters.end(),
                                          [&](const auto& one) { return one.first == name; });
        if (!replaced) add(name, value);
    }
    for (const auto& [name, value] : parameters)
        if (!value.empty()) add(name, value);
    return out;
}

http::Response Call::page(std::size_t total, const std::function<Json(std::size_t)>& at, std::size_t fallback,
                          std::size_t most) const {
    const auto link = [&](std::size_t offset, std::size_t limit) {
        return address({{"offset", std::to_string(offset)}, {"limit", std::to_string(limit)}});
    };
    return api_json(paging(link, offset(), limit(fallback, most), total, at));
}

Playable playable_of(const Catalogue& catalogue, const std::string& uri) {
    const auto parts = split(uri, ':');
    if (parts.size() == 3 && parts[0] == "spotify") {
        const bool episode = parts[1] == "episode";
        const auto& by_id = episode ? catalogue.episode_by_id : catalogue.track_by_id;
        const auto found = by_id.find(parts[2]);
        if (found != by_id.end() && (episode || parts[1] == "track")) return {episode, found->second};
    }
    throw ApiError{400, "Invalid track uri: " + uri, {}};
}

http::Response api_json(const Json& body, int status) {
    auto response =
        http::Response::json(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), status);
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.headers.set("Cache-Control", "private, max-age=0");
    return response;
}

http::Response api_error(int status, const std::string& message, const std::string& reason) {
    Json error{{"status", status}, {"message", message}};
    if (!reason.empty()) error["reason"] = reason;
    return api_json({{"error", std::move(error)}}, status);
}

}  // namespace cadenza::emulator
