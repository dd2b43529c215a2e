// One user's flood, Spotify's failures, and what leaves this server.

#include "tests/spotify/people.hpp"

#include <set>

namespace cadenza::server {

TEST_CASE("one who floods does not keep another waiting") {
    constexpr std::size_t flood = 80;
    Harness server;
    const auto anna = sign_in_as(server, "anna");
    const auto fields = server.get_fields();
    sign_in_as(server, "bert");
    std::vector<http::ClientRequest> requests;
    for (std::size_t i = 0; i < flood; ++i)
        requests.push_back({.origin = server.config.own_origin,
                            .target = "/api/library/tracks?offset=" + std::to_string(i),
                            .headers = fields});
    // He comes last, when everything of hers waits already.
    requests.push_back(
        {.origin = server.config.own_origin, .target = "/api/top/artists", .headers = server.get_fields()});
    int most = 0;
    server.hold = [&](const auto&) {
        most = std::max<int>(most, static_cast<int>(server.app->gateway_stats().running));
        return false;
    };
    server.upstream.clear();
    const auto statuses = server.at_once(requests);
    CHECK(std::count(statuses.begin(), statuses.end(), 200) == 3 + 64 + 1);
    CHECK(std::count(statuses.begin(), statuses.end(), 429) == static_cast<long>(flood) - 3 - 64);
    // Behind the three of hers that were under way.
    const auto his = std::find_if(server.upstream.begin(), server.upstream.end(), [](const auto& request) {
        return request.target.find("/me/top/artists") != std::string::npos;
    });
    CHECK(his - server.upstream.begin() <= 3);
    CHECK(most <= 4);
    CHECK(server.app->gateway_stats().refused_queue == flood - 3 - 64);
    CHECK(server.app->gateway_stats().running == 0);
    CHECK(server.app->gateway_stats().waiting == 0);
}

TEST_CASE("a Spotify that fails is left alone for a moment, then tried") {
    Harness server;
    server.sign_in();
    bool failing = true;
    server.intercept = [&](const http::ClientRequest&) -> std::optional<http::ClientResponse> {
        if (!failing) return std::nullopt;
        return http::ClientResponse{503, {}, ""};
    };
    http::ClientResponse answer;
    for (int i = 0; i < 8; ++i) answer = server.post("/api/player/commands", "{\"pause\":{}}");
    CHECK(answer.status == 502);
    server.upstream.clear();
    answer = server.get("/api/library/tracks");
    CHECK(answer.status == 503);
    CHECK(code(answer) == ProblemCode::upstream_unavailable);
    CHECK(answer.headers.find("Retry-After") == "10");
    CHECK(decode<Problem>(answer.body)->retry_at);
    CHECK(server.upstream.empty());
    CHECK(server.app->gateway_stats().breaker == Breaker::State::open);

    server.shift += 10'000;
    CHECK(server.post("/api/player/commands", "{\"pause\":{}}").status == 502);
    CHECK(server.upstream.size() == 1);
    CHECK(server.get("/api/library/tracks").status == 503);
    failing = false;
    server.shift += 10'000;
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(server.upstream.size() == 2);
    CHECK(server.app->gateway_stats().breaker == Breaker::State::closed);
    const auto stats = server.app->gateway_stats();
    CHECK(stats.refused_breaker == 2);
}

TEST_CASE("nothing of what a browser sends goes on to Spotify") {
    Harness server;
    server.sign_in();
    const http::Headers hostile{{"Authorization", "Bearer stolen"},
                                {"X-Forwarded-For", "192.0.2.1"},
                                {"X-Forwarded-Host", "evil.example"},
                                {"Forwarded", "for=192.0.2.1"},
                                {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                                {"tracestate", "x=y"},
                                {"Referer", "https://music.example.org/"},
                                {"User-Agent", "browser"},
                                {"Accept-Language", "de"}};
    server.upstream.clear();
    CHECK(server.get("/api/library/tracks", hostile).status == 200);
    (void)server.post("/api/player/commands", R"({"transfer":{"device_id":"x","play":true}})", hostile);
    REQUIRE(server.upstream.size() == 2);
    for (const auto& request : server.upstream) {
        CAPTURE(request.target);
        std::set<std::string> names;
        for (const auto& [name, value] : request.headers) {
            names.insert(name);
            CHECK(value != "Bearer stolen");
        }
        names.erase("Content-Type");
        CHECK(names == std::set<std::string>{"Accept", "Authorization"});
        CHECK(request.headers.count("Authorization") == 1);
    }
}

TEST_CASE("what is not in the table of Spotify's endpoints is a bug, and stays here") {
    Harness server;
    int sent = 0;
    const Transport transport =
        [&](http::ClientRequest, std::chrono::milliseconds) -> asio::awaitable<Result<http::ClientResponse>> {
        ++sent;
        co_return http::ClientResponse{200, {}, "{}"};
    };
    Gateway gateway(server.context.get_executor(), transport, server.clock, server.log,
                    {.api_url = "https://api.spotify.com/v1"});
    const auto outcome = [&](Method method, const std::string& target) {
        const Caller caller{
            "s", "anna", Deadline::max(),
            [](bool, Deadline) -> asio::awaitable<http::Outcome<Secret>> { co_return Secret("t"); }};
        std::optional<http::Outcome<void>> out;
        asio::co_spawn(
            server.context,
            [&]() -> asio::awaitable<void> {
                const auto note = [&](const auto& answer) {
                    out = answer ? http::Outcome<void>(boost::system::in_place_value) : answer.error();
                };
                if (method == Method::get)
                    note(co_await gateway.get(caller, target));
                else
                    note(co_await gateway.send(caller, method, target));
            },
            asio::detached);
        server.run_until([&] { return out.has_value(); });
        return out->has_value() ? std::string("sent") : std::string(title_of(out->error().code));
    };
    const std::string refused(title_of(ProblemCode::internal));
    CHECK(outcome(Method::get, "/me/tracks?limit=1") == "sent");
    CHECK(outcome(Method::put, "/me/library?uris=x") == "sent");
    for (const auto* target :
         {"/me/tracks/../../evil", "//evil.example/me", "/me@evil.example", "/me\r\nX: y", "/users/x"})
        CHECK(outcome(Method::get, target) == refused);
    CHECK(outcome(Method::delete_, "/me/tracks") == refused);
    CHECK(outcome(Method::get, "/me/library") == refused);
    CHECK(sent == 2);
    CHECK(server.logged("bug").size() == 7);
}

}  // namespace cadenza::server
