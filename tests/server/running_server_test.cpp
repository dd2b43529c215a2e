// The server as main() makes it: settings, services, start and stop.

#include "server/server.hpp"
#include "tests/server/running.hpp"
#include "tests/server/site.hpp"

#include <csignal>

namespace cadenza::server {
namespace {

bool is_refused(Running& running) {
    asio::ip::tcp::socket socket(running.context);
    boost::system::error_code ec;
    const auto port = running.server.url().substr(running.server.url().rfind(':') + 1);
    socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(port))}, ec);
    return ec == asio::error::connection_refused;
}

}  // namespace

TEST_CASE("the demo runs on two ports: page, sign-in and lists") {
    const Site site;
    Running running({{"STATIC_DIR", site.folder}});
    REQUIRE(running.server.start());
    CHECK(running.get("/").status == 200);
    CHECK(running.get("/api/config").body.find("\"demo\":true") != std::string::npos);
    CHECK(running.sign_in() == running.server.url() + "/settings");
    CHECK_FALSE(running.authorize.starts_with(running.server.url()));
    CHECK(running.get("/api/library/tracks?limit=1").status == 200);
}

TEST_CASE("the demo runs on one origin, without anything that could break it for others") {
    const Site site;
    Running running({{"STATIC_DIR", site.folder}, {"DEMO_SAME_ORIGIN", "1"}});
    REQUIRE(running.server.start());
    CHECK(running.sign_in() == running.server.url() + "/settings");
    CHECK(running.authorize.starts_with(running.server.url() + "/_demo/accounts/authorize?"));
    CHECK(running.get("/api/library/tracks?limit=1").status == 200);
    CHECK(running.get("/_demo/sdk/spotify-player.js").status == 200);
    for (const auto* path : {"/_emulator/health", "/_emulator/requests", "/_demo/_emulator/health",
                             "/_demo/_emulator/requests"}) {
        CAPTURE(path);
        CHECK(running.get(path).status == 404);
    }
    for (const auto* path : {"/_demo/_emulator/faults", "/_demo/_emulator/clock", "/_demo/_emulator/reset"}) {
        CAPTURE(path);
        CHECK(running.ask(Method::post, running.server.url() + path).status == 404);
    }
    CHECK(running.get("/_demolition").status == 404);
}

TEST_CASE("a server that stops is not ready, ends what it has begun, and lets its port go") {
    Running running({{"STATIC_DIR", ""}, {"SHUTDOWN_DELAY", "1"}});
    REQUIRE(running.server.start());
    CHECK(running.get("/readyz").status == 200);
    CHECK(running.get("/").status == 404);

    bool stopped = false;
    asio::co_spawn(running.context, running.server.stop(),
                   [&](const std::exception_ptr&) { stopped = true; });
    while (running.lines.empty() || running.lines.back().find("\"stopping\"") == std::string::npos)
        running.context.run_one();
    CHECK(running.get("/readyz").status == 503);
    CHECK(running.get("/livez").status == 200);
    CHECK_FALSE(stopped);
    while (!stopped) running.context.run_one();
    CHECK(is_refused(running));
}

TEST_CASE("keys are taken anew, and those that are no good change nothing") {
    const std::string first = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const std::string second = "k2:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    Running running({{"STATIC_DIR", ""}, {"SESSION_STORE", "cookie"}, {"SESSION_KEYS", first}});
    REQUIRE(running.server.start());
    running.sign_in();
    const auto kid = [&] { return running.jar.get("sid").substr(1, 2); };
    const auto signed_in = [&] {
        return running.get("/api/session").body.find("\"authenticated\":true") != std::string::npos;
    };
    const auto reload = [&](std::optional<std::string> keys) {
        running.server.reload(
            [&](const std::string& name) { return name == "SESSION_KEYS" ? keys : std::nullopt; },
            read_whole_file);
    };
    CHECK(kid() == "k1");
    reload("k2:short");
    reload(std::nullopt);
    CHECK(signed_in());
    CHECK(kid() == "k1");
    reload(second + "," + first);
    CHECK(signed_in());
    CHECK(kid() == "k2");
    reload(second);
    CHECK(signed_in());
    reload(first);
    CHECK_FALSE(signed_in());
    std::size_t kept = 0;
    for (const auto& line : running.lines) {
        kept += line.find("\"session_keys_kept\"") != line.npos;
        CHECK(line.find("AQAAAAAA") == std::string::npos);
    }
    CHECK(kept == 1);
}

TEST_CASE("a hangup reads the file of keys again") {
    const Site site;
    const auto file = site.folder + "/keys";
    std::ofstream(file) << "k2:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    Running running({{"STATIC_DIR", ""}});
    REQUIRE(running.server.start());
    ::setenv("SESSION_KEYS_FILE", file.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): there is one thread
    asio::post(running.context, [] { std::raise(SIGHUP); });
    asio::steady_timer look(running.context);
    std::function<void()> until_loaded = [&] {
        const bool loaded = std::any_of(running.lines.begin(), running.lines.end(), [](const auto& line) {
            return line.find("\"session_keys_loaded\"") != line.npos;
        });
        if (loaded) {
            std::raise(SIGTERM);
            return;
        }
        look.expires_after(std::chrono::milliseconds(5));
        look.async_wait([&](const auto& ec) {
            if (!ec) until_loaded();
        });
    };
    until_loaded();
    running.server.run();
    ::unsetenv("SESSION_KEYS_FILE");  // NOLINT(concurrency-mt-unsafe)
    CHECK(std::any_of(running.lines.begin(), running.lines.end(),
                      [](const auto& line) { return line.find("\"sealing\":\"k2\"") != line.npos; }));
}

TEST_CASE("a hangup changes nothing, a termination stops") {
    Running running({{"STATIC_DIR", ""}});
    REQUIRE(running.server.start());
    const auto stopping = [&] {
        return std::any_of(running.lines.begin(), running.lines.end(),
                           [](const auto& line) { return line.find("\"stopping\"") != line.npos; });
    };
    bool stopped_by_hangup = true;
    asio::steady_timer later(running.context, std::chrono::milliseconds(50));
    asio::post(running.context, [] { std::raise(SIGHUP); });
    later.async_wait([&](const auto&) {
        stopped_by_hangup = stopping();
        std::raise(SIGTERM);
    });
    running.server.run();
    CHECK_FALSE(stopped_by_hangup);
    CHECK(stopping());
}

TEST_CASE("a server that cannot start says why") {
    Running first({{"STATIC_DIR", ""}});
    REQUIRE(first.server.start());
    const auto port = first.server.url().substr(first.server.url().rfind(':') + 1);
    Running second({{"STATIC_DIR", ""}, {"PORT", port}, {"EMULATOR_PORT", "0"}});
    const auto started = second.server.start();
    REQUIRE(started.has_error());
    CHECK(started.error().detail.find("127.0.0.1:" + port) != std::string::npos);

    Running third({{"STATIC_DIR", "/nowhere/at/all"}});
    const auto without = third.server.start();
    REQUIRE(without.has_error());
    CHECK(without.error().code == Errc::not_found);
    first.stop();
}

}  // namespace cadenza::server
