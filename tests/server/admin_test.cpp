// The operator's address over real sockets, and what promtool says of it.
#include "tests/server/running.hpp"
#include "tests/server/site.hpp"
#include "tests/support/promtool.hpp"

namespace cadenza::server {
namespace {

std::string admin_url(const Running& running) {
    return "http://127.0.0.1:" + std::to_string(running.server.admin_port());
}

bool logged(const Running& running, const std::string& event) {
    return std::any_of(running.lines.begin(), running.lines.end(), [&](const std::string& line) {
        return line.find("\"event\":\"" + event + "\"") != line.npos;
    });
}

void check_lines(const std::string& text, const std::vector<std::string>& expected) {
    for (const auto& line : expected) {
        CAPTURE(line, text);
        CHECK(text.find(line) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("what happened is measured, and Prometheus' own tool has nothing to say against it") {
    const Site site;
    Running running({{"ADMIN_ADDR", "127.0.0.1:0"}, {"STATIC_DIR", site.folder}});
    REQUIRE(running.server.start());
    running.sign_in();
    running.get("/");
    running.get("/api/library/tracks?limit=2");
    running.get("/api/playlists/made-up-by-a-scanner/x/y");
    running.get("/app.0123456789abcdef.js");
    running.ask(Method::post, running.server.url() + "/auth/logout");
    running.ask(Method::post, running.server.url() + "/auth/logout",
                {{"Origin", running.server.url()}, {"X-Cadenza", "1"}});

    const auto answer = running.ask(Method::get, admin_url(running) + "/metrics");
    CHECK(answer.status == 200);
    CHECK(answer.headers.find("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    check_lines(answer.body,
                {"cadenza_requests_total{route=\"/auth/login\",method=\"GET\",code=\"303\"} 1\n",
                 "cadenza_requests_total{route=\"/auth/callback\",method=\"GET\",code=\"303\"} 1\n",
                 "cadenza_requests_total{route=\"/api/library/tracks\",method=\"GET\",code=\"200\"} 1\n",
                 "cadenza_requests_total{route=\"/{page}\",method=\"GET\",code=\"200\"} 1\n",
                 "cadenza_requests_total{route=\"/{file}\",method=\"GET\",code=\"200\"} 1\n",
                 "cadenza_requests_total{route=\"unmatched\",method=\"GET\",code=\"404\"} 1\n",
                 "cadenza_requests_total{route=\"/auth/logout\",method=\"POST\",code=\"403\"} 1\n",
                 "cadenza_requests_total{route=\"/auth/logout\",method=\"POST\",code=\"204\"} 1\n",
                 "cadenza_request_duration_seconds_count{route=\"/api/library/tracks\",method=\"GET\"} 1\n",
                 "cadenza_in_flight 0\n",
                 "cadenza_connections{state=\"idle\"}",
                 "cadenza_csrf_rejects_total{check=\"origin\"} 1\n",
                 "cadenza_logins_total{outcome=\"ok\"} 1\n",
                 "cadenza_sessions_created_total 1\n",
                 "cadenza_sessions_ended_total{reason=\"logout\"} 1\n",
                 "cadenza_cookie_open_total{kid=\"0\",outcome=\"ok\"} 1\n",
                 "cadenza_session_store_ops_total{store=\"memory\",op=\"create\",outcome=\"ok\"} 1\n",
                 "cadenza_session_store_op_duration_seconds_count{store=\"memory\",op=\"create\"} 1\n",
                 "cadenza_store_degraded 0\n",
                 "cadenza_upstream_requests_total{endpoint_group=\"token\",code=\"200\"} 1\n",
                 "cadenza_upstream_requests_total{endpoint_group=\"me\",code=\"200\"} 1\n",
                 "cadenza_upstream_requests_total{endpoint_group=\"library\",code=\"200\"} 1\n",
                 "cadenza_upstream_cooldown_seconds 0\n",
                 "cadenza_breaker_state{name=\"refresh\"} 0\n",
                 "cadenza_log_dropped_total 0\n",
                 "cadenza_build_info{version=\"",
                 "process_start_time_seconds "});
    running.secrets.expect_none_in({answer.body});
    CHECK(answer.body.find("made-up") == std::string::npos);

    check_with_promtool(answer.body);
}

TEST_CASE("a session that made room for another is counted") {
    Running running({{"ADMIN_ADDR", "127.0.0.1:0"}, {"STATIC_DIR", ""}, {"RATE_LIMIT", "off"}});
    REQUIRE(running.server.start());
    for (int i = 0; i < 21; ++i) {
        running.jar = {};
        running.sign_in();
    }
    const auto answer = running.ask(Method::get, admin_url(running) + "/metrics");
    check_lines(answer.body, {"cadenza_sessions_created_total 21\n",
                              "cadenza_sessions_ended_total{reason=\"evicted\"} 1\n",
                              "cadenza_sessions_ended_total{reason=\"reauthorize\"} 0\n"});
}

TEST_CASE("the admin address has metrics and nothing else") {
    Running running({{"ADMIN_ADDR", "127.0.0.1:0"}, {"STATIC_DIR", ""}});
    REQUIRE(running.server.start());
    for (const auto* path : {"/", "/metrics/", "/livez", "/api/session", "/debug"}) {
        CAPTURE(path);
        const auto answer = running.ask(Method::get, admin_url(running) + path);
        CHECK(answer.status == 404);
        CHECK(answer.headers.find("Content-Type") == "application/problem+json");
    }
    const auto posted = running.ask(Method::post, admin_url(running) + "/metrics");
    CHECK(posted.status == 405);
    CHECK(posted.headers.find("Allow") == "GET, HEAD");
    CHECK(running.get("/metrics").status == 404);  // not on the public one
}

TEST_CASE("metrics can be switched off") {
    Running running({{"ADMIN_ADDR", ""}, {"STATIC_DIR", ""}});
    REQUIRE(running.server.start());
    CHECK(running.server.admin_port() == 0);
    CHECK_FALSE(logged(running, "admin_listening"));
}

TEST_CASE("a taken admin address stops only who asked for it") {
    asio::io_context context(1);
    asio::ip::tcp::acceptor taken(context, {asio::ip::address_v4::loopback(), 0});
    const auto address = "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
    Running asked({{"ADMIN_ADDR", address}, {"STATIC_DIR", ""}});
    const auto started = asked.server.start();
    REQUIRE(started.has_error());
    CHECK(started.error().detail.find("ADMIN_ADDR") != std::string::npos);
    CHECK(started.error().detail.find(address) != std::string::npos);

    // The usual one; somebody else may have it already, which is as good.
    boost::system::error_code ignored;
    asio::ip::tcp::acceptor usual(context);
    usual.open(asio::ip::tcp::v4());
    usual.bind({asio::ip::address_v4::loopback(), 9464}, ignored);
    usual.listen(1, ignored);
    Running running({{"STATIC_DIR", ""}}, [](Config& config) { config.admin.emplace(); });
    CHECK(running.server.start());
    CHECK(running.server.admin_port() == 0);
    CHECK(logged(running, "admin_unavailable"));
    CHECK(running.get("/livez").status == 200);
}

}  // namespace cadenza::server
