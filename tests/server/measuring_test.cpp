// What is measured where things go wrong, and the trace a request belongs to.
#include "server/session/measured_session_store.hpp"
#include "server/spotify/measured_transport.hpp"
#include "tests/server/harness.hpp"
#include "tests/support/run.hpp"

namespace cadenza::server {
namespace {

// The value of one series; nothing when it is not there.
std::optional<double> value_of(ServerMetrics& metrics, const std::string& name,
                               const std::vector<std::string>& labels) {
    for (const auto& family : metrics.snapshot().families) {
        if (family.name != name) continue;
        for (const auto& series : family.series)
            if (series.labels == labels) return series.value;
    }
    return std::nullopt;
}

class FailingStore final : public SessionStore {
public:
    bool broken{true};
    bool full{};  // only finds and ends
    bool fallback{};

    bool stands_in() const override { return fallback; }

    StoreAbilities abilities() const override { return {}; }
    std::string key_of(const Secret&) const override { return {}; }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret, std::int64_t) override {
        return answer<std::optional<FoundSession>>();
    }
    asio::awaitable<Result<Secret>> create(Session, std::int64_t) override { return answer<Secret>(full); }
    asio::awaitable<Result<Replaced>> replace(Secret, Session) override { return answer<Replaced>(full); }
    asio::awaitable<Status> erase(std::string) override { return answer<void>(); }
    asio::awaitable<Status> erase_account(std::string) override { return answer<void>(); }
    asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string, std::int64_t) override {
        return answer<std::vector<SessionSummary>>();
    }
    asio::awaitable<Result<bool>> revoke(std::string, std::string) override { return answer<bool>(); }
    asio::awaitable<Status> revoke_others(std::string, std::string) override { return answer<void>(); }
    asio::awaitable<Result<bool>> hold(std::string, std::string, std::chrono::milliseconds) override {
        return answer<bool>(full);
    }
    asio::awaitable<Status> let_go(std::string, std::string) override { return answer<void>(); }

private:
    template <class T>
    asio::awaitable<Result<T>> answer(bool refused = false) {
        if (broken || refused) co_return Error{Errc::storage_failed, "down"};
        if constexpr (std::is_void_v<T>)
            co_return Status{};
        else
            co_return T{};
    }
};

}  // namespace

TEST_CASE("a store that fails is degraded until it works again") {
    ServerMetrics metrics("test");
    FailingStore inner;
    MeasuredSessionStore store(inner, "memory", metrics);
    CHECK_FALSE(run(store.find(Secret("a"), 0)));
    CHECK_FALSE(run(store.create({}, 0)));
    CHECK_FALSE(run(store.replace(Secret("a"), {})));
    CHECK_FALSE(run(store.erase("a")));
    CHECK_FALSE(run(store.erase_account("a")));
    CHECK_FALSE(run(store.list("a", 0)));
    CHECK_FALSE(run(store.revoke("a", "b")));
    CHECK_FALSE(run(store.revoke_others("a", "b")));
    CHECK_FALSE(run(store.hold("a", "b", std::chrono::milliseconds(1))));
    CHECK_FALSE(run(store.let_go("a", "b")));
    for (const auto* operation : {"find", "create", "replace", "erase", "erase_account", "list", "revoke",
                                  "revoke_others", "hold", "let_go"}) {
        CAPTURE(operation);
        CHECK(value_of(metrics, "cadenza_session_store_ops_total", {"memory", operation, "failed"}) == 1);
    }
    CHECK(value_of(metrics, "cadenza_store_degraded", {}) == 1);
    CHECK(value_of(metrics, "cadenza_sessions_created_total", {}) == 0);
    inner.broken = false;
    CHECK(run(store.create({}, 0)));
    CHECK(value_of(metrics, "cadenza_store_degraded", {}) == 1);  // does it read?
    CHECK(run(store.find(Secret("a"), 0)));
    CHECK(value_of(metrics, "cadenza_store_degraded", {}) == 0);
    CHECK(value_of(metrics, "cadenza_sessions_created_total", {}) == 1);
}

TEST_CASE("a store that finds and ends sessions but begins none is degraded, whatever was asked last") {
    ServerMetrics metrics("test");
    FailingStore inner;
    MeasuredSessionStore store(inner, "redis", metrics);
    inner.broken = false;
    inner.full = true;
    CHECK(run(store.find(Secret("a"), 0)));
    CHECK(value_of(metrics, "cadenza_store_degraded", {}) == 0);
    CHECK_FALSE(run(store.create({}, 0)));
    for (int i = 0; i < 3; ++i) {
        CHECK(run(store.find(Secret("a"), 0)));
        CHECK(run(store.erase("a")));
        CHECK(value_of(metrics, "cadenza_store_degraded", {}) == 1);
    }
    inner.full = false;
    CHECK(run(store.hold("a", "b", std::chrono::milliseconds(1))));
    CHECK(value_of(metrics, "cadenza_store_degraded", {}) == 0);
}

TEST_CASE("a store whose fallback does the work is degraded") {
    ServerMetrics metrics("test");
    FailingStore inner;
    MeasuredSessionStore store(inner, "redis", metrics);
    inner.broken = false;
    for (const bool fallback : {true, false}) {
        inner.fallback = fallback;
        CHECK(run(store.find(Secret("a"), 0)));
        CHECK(value_of(metrics, "cadenza_store_degraded", {}) == (fallback ? 1 : 0));
    }
}

TEST_CASE("requests to Spotify are grouped without an id") {
    for (const auto& [target, group] : std::vector<std::pair<std::string, std::string>>{
             {"/api/token", "token"},
             {"/accounts/api/token", "token"},
             {"/v1/me", "me"},
             {"/v1/me/top/artists?time_range=short_term", "me"},
             {"/v1/me/player/play", "player"},
             {"/v1/me/player?additional_types=track", "player"},
             {"/v1/me/tracks?limit=50", "library"},
             {"/v1/me/library/contains?uris=x", "library"},
             {"/v1/playlists/37i9/items?limit=50", "playlists"},
             {"/v1/artists/1/albums?include_groups=album", "artists"},
             {"/v1/albums/1/tracks", "albums"},
             {"/v1/search?q=/me/player", "search"},
             {"/v1/unheard-of", "other"}}) {
        CAPTURE(target);
        CHECK(endpoint_group(target) == group);
    }
}

TEST_CASE("a cool-down is measured in the seconds that are left") {
    Harness server;
    server.sign_in();
    server.intercept = [](const http::ClientRequest&) {
        return http::ClientResponse{429, {{"Retry-After", "120"}}, ""};
    };
    CHECK(server.get("/api/library/tracks").status == 429);
    server.app->measure();
    const auto left = value_of(server.metrics, "cadenza_upstream_cooldown_seconds", {});
    REQUIRE(left);
    CHECK(*left > 100);
    CHECK(*left <= 120);
    CHECK(value_of(server.metrics, "cadenza_upstream_requests_total", {"library", "429"}) == 1);
    server.shift += 120'001;
    server.app->measure();
    CHECK(value_of(server.metrics, "cadenza_upstream_cooldown_seconds", {}) == 0);
}

TEST_CASE("what is tried again is counted, and so is what never came") {
    Harness server;
    server.sign_in();
    int calls = 0;
    server.intercept = [&](const http::ClientRequest&) -> std::optional<http::ClientResponse> {
        if (++calls == 1) return http::ClientResponse{502, {}, ""};
        return std::nullopt;
    };
    CHECK(server.get("/api/library/tracks").status == 200);
    server.app->measure();
    CHECK(value_of(server.metrics, "cadenza_upstream_retries_total", {}) == 1);
    CHECK(value_of(server.metrics, "cadenza_upstream_requests_total", {"library", "502"}) == 1);
}

TEST_CASE("refreshes are counted once, and those who waited for them each") {
    Harness server;
    server.sign_in();
    server.shift += 3'600'000;
    std::vector<http::ClientRequest> requests;
    for (int i = 0; i < 5; ++i)
        requests.push_back({.method = Method::post,
                            .origin = server.config.own_origin,
                            .target = "/api/player/token",
                            .headers = server.post_fields()});
    // All of them reach the app before Spotify's sign-in service answers.
    CHECK(server.at_once(requests) == std::vector<int>(5, 200));
    CHECK(value_of(server.metrics, "cadenza_refresh_total", {"ok"}) == 1);
    CHECK(value_of(server.metrics, "cadenza_refresh_coalesced_total", {}) == 4);
    CHECK(to_prometheus(server.metrics.snapshot()).find("cadenza_refresh_wait_seconds_count 5\n") !=
          std::string::npos);
}

TEST_CASE("refusals are counted by what they failed") {
    Harness server;
    server.raw("GET / HTTP/1.1\r\n\r\n");
    server.raw("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    server.raw("BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(value_of(server.metrics, "cadenza_http_rejects_total", {"exactly one Host expected"}) == 2);
    CHECK(value_of(server.metrics, "cadenza_http_rejects_total", {"method"}) == 1);

    const auto& url = server.config.own_origin;
    server.ask(Method::post, url + "/auth/logout");
    server.ask(Method::post, url + "/auth/logout", {{"Origin", url}});
    server.ask(Method::get, url + "/api/session", {{"Sec-Fetch-Site", "cross-site"}});
    server.ask(Method::options, url + "/api/edits",
               {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}});
    for (const auto* check : {"origin", "header", "fetch_metadata", "preflight"}) {
        CAPTURE(check);
        CHECK(value_of(server.metrics, "cadenza_csrf_rejects_total", {check}) == 1);
    }
    server.get("/auth/callback?state=made-up&code=x");
    CHECK(value_of(server.metrics, "cadenza_logins_total", {"state"}) == 1);
}

TEST_CASE("a session cookie that comes twice is nobody's, and counted") {
    Harness server;
    server.sign_in();
    const auto sid = "sid=" + server.jar.get("sid");
    const auto& url = server.config.own_origin;
    const auto session = [&](const std::string& cookies) {
        return decode<SessionInfo>(server.ask(Method::get, url + "/api/session", {{"Cookie", cookies}}).body)
            ->authenticated;
    };
    const auto counted = [&] {
        return value_of(server.metrics, "cadenza_csrf_rejects_total", {"double_cookie"});
    };
    CHECK(session(sid));
    CHECK(session(sid + "; sid.1=a; sid.1=b"));  // stale parts of another are not looked at
    CHECK(session("side=a; side=b; " + sid));
    CHECK_FALSE(counted());
    CHECK_FALSE(session(sid + "; sid=planted"));
    CHECK(counted() == 1);
    CHECK_FALSE(session(sid + "; " + sid));
    CHECK(counted() == 2);
    server.ask(Method::get, url + "/livez", {{"Cookie", sid + "; " + sid}});
    CHECK(counted() == 2);
}

TEST_CASE("a request is logged under the trace it came with, and Spotify hears nothing of it") {
    Harness server;
    server.sign_in();
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const std::string parent = "b7ad6b7169203331";
    server.get("/api/library/tracks?limit=1",
               {{"traceparent", "00-" + trace + "-" + parent + "-01"}, {"tracestate", "vendor=opaque"}});
    const auto line = server.logged("request").back();
    CHECK(line.find("\"trace_id\":\"" + trace + "\"") != std::string::npos);
    CHECK(line.find("\"span_id\":\"") != std::string::npos);
    CHECK(line.find(parent) == std::string::npos);
    CHECK(line.find("opaque") == std::string::npos);
    REQUIRE_FALSE(server.upstream.empty());
    for (const auto& request : server.upstream) {
        CHECK_FALSE(request.headers.find("traceparent"));
        CHECK_FALSE(request.headers.find("tracestate"));
    }

    for (const auto& broken :
         std::vector<http::Headers>{{{"traceparent", "00-" + trace + "-" + parent}},
                                    {{"traceparent", "00-" + trace + "-" + parent + "-01"},
                                     {"traceparent", "00-" + trace + "-" + parent + "-01"}}}) {
        server.get("/livez", broken);
        const auto dropped = server.logged("request").back();
        CHECK(dropped.find(trace) == std::string::npos);
        CHECK(dropped.find("\"trace_id\":\"") != std::string::npos);
    }
}

TEST_CASE("the search for secrets in logs would find one") {
    Secrets secrets;
    secrets.learn(http::ClientResponse{200,
                                       {{"Set-Cookie", "sid=0123456789; Path=/"}},
                                       R"({"access_token":"BQ-access-1","refresh_token":"AQ-refresh-1"})"});
    secrets.learn(
        http::ClientResponse{303, {{"Location", "http://a/callback?code=code-12345&state=state-12345"}}, ""});
    secrets.learn(http::ClientRequest{.origin = "http://a",
                                      .target = "/api/token",
                                      .headers = {{"Authorization", "Basic dXNlcjpwYXNz"}},
                                      .body = "code_verifier=verifier-123&grant_type=x"});
    CHECK(secrets.size() == 7);
    CHECK(secrets.found_in({"a line", "x BQ-access-1", "y sid=0123456789"}) ==
          std::vector<std::string>{"x BQ-access-1", "y sid=0123456789"});
}

}  // namespace cadenza::server
