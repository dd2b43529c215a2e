#include "server/emulator/emulator.hpp"

#include "server/emulator/accounts.hpp"
#include "server/emulator/call.hpp"
#include "server/emulator/covers.hpp"
#include "server/emulator/faults.hpp"
#include "server/emulator/sdk.hpp"
#include "server/emulator/sound.hpp"
#include "shared/base/query.hpp"

#include <charconv>
#include <map>

namespace cadenza::emulator {
namespace {

constexpr std::size_t max_audio = 512 * 1024;  // bytes in one answer
constexpr std::size_t max_seen = 2'000;

void add_cors(http::Response& response) {
    response.headers.add("Access-Control-Allow-Origin", "*");
    response.headers.add("Access-Control-Expose-Headers", "Retry-After");
}

http::Response preflight() {
    auto response = http::Response::empty(204);
    add_cors(response);
    response.headers.add("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    response.headers.add("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.headers.add("Access-Control-Max-Age", "600");
    return response;
}

std::map<std::string, std::string> query_of(const http::Request& request) {
    std::map<std::string, std::string> out;
    if (const auto parsed = parse_query(request.query))
        for (const auto& [name, value] : *parsed) out.emplace(name, value);
    return out;
}

// What follows `folder` when `path` is below it.
std::optional<std::string_view> below(std::string_view path, std::string_view folder) {
    if (!path.starts_with(folder)) return std::nullopt;
    const auto rest = path.substr(folder.size());
    return rest.empty() || rest.front() == '/' ? std::optional(rest) : std::nullopt;
}

http::Response web_api(World& world, const http::Request& request, std::string_view path) {
    if (request.method == Method::options) return preflight();
    const auto authorization = request.header("Authorization");
    if (authorization.empty()) return api_error(401, "No token provided");
    if (authorization.substr(0, 7) != "Bearer ")
        return api_error(400, "Only valid bearer authentication supported");
    const auto* token = world.find_token(authorization.substr(7));
    if (!token) return api_error(401, "Invalid access token");
    if (token->expires_at <= world.now()) return api_error(401, "The access token expired");
    if (!token->grant.user && below(path, "/me"))
        return api_error(401, "This request requires user authentication.");
    auto& user = world.user_of(token->grant);
    if (!user.allowlisted)
        return http::Response::text(
            403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.");
    if (auto refused = count_call(world)) return *refused;
    world.forget_silent_devices();
    Call call{world, user, token->grant.scopes, request, split(path, '/'), query_of(request)};
    return guarded([&] {
        for (const auto part : {player_api, library_api, playlist_api, catalogue_api})
            if (auto response = part(call)) return std::move(*response);
        return api_error(403, "Forbidden");  // what February 2026 took away, and what never was
    });
}

struct ByteRange {
    std::size_t first{};
    std::size_t last{};
};

// "bytes=100-", "bytes=100-200", "bytes=-50" of `size`; nullopt when it is none of them or beyond the end.
std::optional<ByteRange> parse_range(std::string_view text, std::size_t size) {
    if (text.substr(0, 6) != "bytes=" || text.find(',') != text.npos) return std::nullopt;
    text.remove_prefix(6);
    const auto dash = text.find('-');
    if (dash == text.npos) return std::nullopt;
    const auto number = [](std::string_view digits) -> std::optional<std::size_t> {
        std::size_t value{};
        const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
        return value;
    };
    const auto first = number(text.substr(0, dash));
    const auto last = number(text.substr(dash + 1));
    if (!first) {
        if (!last || *last == 0) return std::nullopt;
        return ByteRange{size - std::min(size, *last), size - 1};
    }
    if (*first >= size || (last && *last < *first)) return std::nullopt;
    return ByteRange{*first, std::min(last.value_or(size - 1), size - 1)};
}

// Of a track or an episode.
std::optional<std::int64_t> duration_of(const Catalogue& catalogue, const std::string& id) {
    if (const auto track = catalogue.track_by_id.find(id); track != catalogue.track_by_id.end())
        return catalogue.tracks[track->second].duration_ms;
    if (const auto episode = catalogue.episode_by_id.find(id); episode != catalogue.episode_by_id.end())
        return catalogue.episodes[episode->second].duration_ms;
    return std::nullopt;
}

// "/<id>.wav". A whole file is sent in pieces: without a range, or with an open one, only the first of them.
http::Response audio(const World& world, const http::Request& request, std::string_view path) {
    const auto id = std::string(
        path.substr(std::min<std::size_t>(1, path.size()), path.size() < 5 ? 0 : path.size() - 5));
    const auto known = duration_of(world.catalogue, id);
    if (!known) return http::Response::text(404, "Not found\n");
    const auto duration = *known;
    const auto size = wav_size(duration);
    const auto asked = request.headers.find("Range");
    const auto range = asked ? parse_range(*asked, size) : ByteRange{0, size - 1};
    http::Response response;
    response.headers = {{"Content-Type", "audio/wav"},
                        {"Accept-Ranges", "bytes"},
                        {"Cache-Control", "private, max-age=3600"},
                        {"ETag", "\"" + id + "\""}};
    if (!range) {
        response.status = 416;
        response.headers.add("Content-Range", "bytes */" + std::to_string(size));
        return response;
    }
    const auto last = std::min(range->last, range->first + max_audio - 1);
    response.status = 206;
    response.headers.add("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                              std::to_string(last) + "/" + std::to_string(size));
    if (request.method != Method::head) response.body = wav_bytes(id, duration, range->first, last);
    return response;
}

void note(World& world, const http::Request& request) {
    SeenRequest seen{.method = std::string(name(request.method)), .path = request.path};
    for (const auto& [field, value] : request.headers) seen.headers.push_back(field);
    world.requests.push_back(std::move(seen));
    if (world.requests.size() > max_seen) world.requests.pop_front();
}

}  // namespace

Emulator::Emulator(asio::any_io_executor executor, Options options)
    : world_(std::make_unique<World>(std::move(executor), std::move(options))) {}
Emulator::~Emulator() = default;

void Emulator::set_base(std::string base) { world_->options.base = std::move(base); }

asio::awaitable<http::Response> Emulator::handle(http::Request request) {
    auto& world = *world_;
    std::string path = request.path;
    if (!path.starts_with(world.options.prefix)) co_return http::Response::text(404, "Not found\n");
    path.erase(0, world.options.prefix.size());
    if (const auto rest = below(path, "/_emulator")) co_return control(world, request, *rest);
    note(world, request);
    if (auto response = co_await suffer(world, request.method, path)) {
        if (below(path, "/v1")) add_cors(*response);
        co_return std::move(*response);
    }
    if (const auto rest = below(path, "/v1")) {
        auto response = web_api(world, request, *rest);
        if (request.method != Method::options) add_cors(response);
        co_return response;
    }
    if (const auto rest = below(path, "/accounts")) co_return accounts(world, request, *rest);
    if (const auto rest = below(path, "/covers")) {
        auto response = cover(world, *rest);
        if (!world.options.harsh) add_cors(response);
        co_return response;
    }
    if (const auto rest = below(path, "/audio")) co_return audio(world, request, *rest);
    if (const auto rest = below(path, "/sdk"))
        co_return co_await sdk(world, std::move(request), std::string(*rest));
    co_return http::Response::text(404, "This is the Spotify emulator.\n");
}

}  // namespace cadenza::emulator
