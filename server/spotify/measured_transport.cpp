#include "server/spotify/measured_transport.hpp"

#include <array>
#include <memory>
#include <utility>

namespace cadenza::server {
namespace {

using Group = std::pair<std::string_view, std::string_view>;

// The first that is in the target counts; the base address may have a path of its own.
constexpr std::array<Group, 15> groups{{{"/api/token", "token"},
                                        {"/me/player", "player"},
                                        {"/me/library", "library"},
                                        {"/me/playlists", "library"},
                                        {"/me/tracks", "library"},
                                        {"/me/albums", "library"},
                                        {"/me/following", "library"},
                                        {"/me/top", "me"},
                                        {"/me", "me"},
                                        {"/playlists/", "playlists"},
                                        {"/albums/", "albums"},
                                        {"/artists/", "artists"},
                                        {"/tracks/", "tracks"},
                                        {"/search", "search"},
                                        {"/users/", "playlists"}}};

// By value: a coroutine outlives the call. NOLINTBEGIN(performance-unnecessary-value-param)
asio::awaitable<Result<http::ClientResponse>> measure(std::shared_ptr<const Transport> transport,
                                                      ServerMetrics& metrics, http::ClientRequest request,
                                                      std::chrono::milliseconds timeout) {
    const auto group = endpoint_group(request.target);
    auto answer = co_await (*transport)(std::move(request), timeout);
    const auto code = answer                                   ? std::to_string(answer->status)
                      : answer.error().code == Errc::timed_out ? std::string("timed_out")
                                                               : std::string("failed");
    metrics.upstream_requests.add({group, code});
    co_return answer;
}
// NOLINTEND(performance-unnecessary-value-param)

}  // namespace

std::string_view endpoint_group(std::string_view target) noexcept {
    const auto path = target.substr(0, target.find('?'));
    for (const auto& [part, name] : groups)
        if (path.find(part) != path.npos) return name;
    return "other";
}

Transport measured_transport(Transport transport, ServerMetrics& metrics) {
    return [transport = std::make_shared<const Transport>(std::move(transport)), &metrics](
               http::ClientRequest request, std::chrono::milliseconds timeout) {
        return measure(transport, metrics, std::move(request), timeout);
    };
}

}  // namespace cadenza::server
