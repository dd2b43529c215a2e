// Several processes behind one port: the supervisor, and the server under it, as programs of their own.

#include "server/supervisor.hpp"
#include "tests/edge/served.hpp"
#include "tests/edge/tls_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/identity.hpp"
#include "tests/support/service_manager.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>
#include <unistd.h>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

// Ports of the peers that are connected to a process.
std::set<std::uint16_t> peers_of(pid_t pid) {
    std::set<std::string> inodes;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
        std::error_code ec;
        const auto target = std::filesystem::read_symlink(entry, ec).string();
        if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
    }
    std::set<std::uint16_t> out;
    std::ifstream table("/proc/net/tcp");
    std::string row;
    std::getline(table, row);
    while (std::getline(table, row)) {
        std::istringstream fields(row);
        std::vector<std::string> words;
        for (std::string word; fields >> word;) words.push_back(word);
        const bool established = words.size() > 9 && words[3] == "01";
        if (established && inodes.contains(words[9]))
            out.insert(static_cast<std::uint16_t>(std::stoul(words[2].substr(9), nullptr, 16)));
    }
    return out;
}

// What a supervised program tells the test, at once.
void say(const char* line) {
    std::printf("%s\n", line);
    std::fflush(stdout);
}

}  // namespace

TEST_CASE("a port is shared by those who were meant to, and by nobody else") {
    auto shared = http::listen_on("127.0.0.1", 0, 16, 3);
    REQUIRE(shared);
    CHECK(shared->size() == 3);
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    REQUIRE(::getsockname((*shared)[2].descriptor(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    const auto port = ntohs(address.sin_port);
    for (const std::size_t count : {1U, 3U}) {
        const auto taken = http::listen_on("127.0.0.1", port, 16, count);
        REQUIRE(taken.has_error());
        CHECK(taken.error().detail.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
    }
    shared->clear();
    auto alone = http::listen_on("127.0.0.1", port, 16);
    REQUIRE(alone);
    CHECK(http::listen_on("127.0.0.1", port, 16, 2).has_error());
}

TEST_CASE("a killed worker loses what was in flight in it, and nothing else") {
    Served served;
    REQUIRE(served.program.first_line() == "listening on " + served.config.own_origin);
    const auto workers = served.workers();
    REQUIRE(workers.size() == 2);
    std::vector<std::unique_ptr<Held>> held;
    for (int i = 0; i < 24; ++i) held.push_back(std::make_unique<Held>(served));
    const auto victims = peers_of(workers[0]);
    REQUIRE(victims.size() + peers_of(workers[1]).size() == held.size());
    REQUIRE_FALSE(victims.empty());
    REQUIRE(victims.size() < held.size());

    ::kill(workers[0], SIGKILL);
    REQUIRE(http::wait_until([&] { return !Served::is_alive(workers[0]); }));

    for (int i = 0; i < 30; ++i)
        CHECK(served.ask("/livez") == 200);  // some wait in its queue for the next one
    for (const auto& request : held) CHECK(request->release().empty() == victims.contains(request->local));
    CHECK(http::wait_until([&] { return served.workers().size() == 2; }));
    const auto now = served.workers();
    CHECK(std::find(now.begin(), now.end(), workers[1]) != now.end());

    served.program.signal(SIGTERM);
    CHECK(served.program.wait() == 0);
}

TEST_CASE("a termination drains every worker, and the port is free then") {
    Served served({{"SHUTDOWN_DELAY", "1s"}});
    REQUIRE_FALSE(served.program.first_line().empty());
    const auto workers = served.workers();
    std::vector<std::unique_ptr<Held>> held;
    for (int i = 0; i < 12; ++i) held.push_back(std::make_unique<Held>(served));
    CHECK(served.ask("/readyz") == 200);

    served.program.signal(SIGTERM);
    REQUIRE(http::wait_until([&] { return served.ask("/readyz") == 503; }));
    CHECK(served.ask("/livez") == 200);
    REQUIRE(http::wait_until([&] { return served.refuses(); }));
    for (const auto& request : held) {
        const auto answer = request->release();
        CHECK(answer.starts_with("HTTP/1.1 403"));
        CHECK(answer.find("Connection: close") != std::string::npos);
    }
    CHECK(served.program.wait() == 0);
    for (const auto pid : workers) CHECK_FALSE(Served::is_alive(pid));
    CHECK(http::listen_on("127.0.0.1", served.port, 16).has_value());
}

TEST_CASE("a second server on the port, or one without a site, is exit 1 without a first line") {
    Served first;
    REQUIRE_FALSE(first.program.first_line().empty());
    Served second({}, first.port);
    CHECK(second.program.first_line().empty());
    CHECK(second.program.wait() == 1);
    Served third({{"STATIC_DIR", "/nowhere/at/all"}});
    CHECK(third.program.first_line().empty());
    CHECK(third.program.wait() == 1);
    CHECK(first.ask("/livez") == 200);
}

TEST_CASE("a hangup has every worker show the new certificate") {
    TemporaryFolder folder;
    const Identity before("IP:127.0.0.1");
    const Identity after("IP:127.0.0.1");
    folder.write("cert.pem", before.certificate);
    folder.write("key.pem", before.key);
    Served served(
        {{"TLS_CERT_FILE", folder.path() + "/cert.pem"}, {"TLS_KEY_FILE", folder.path() + "/key.pem"}});
    REQUIRE(served.program.first_line() == "listening on https://" + served.own_host());
    const auto shown = [&] { return TlsClient(served.port).certificate(); };
    const auto old = shown();
    REQUIRE_FALSE(old.empty());
    TlsClient client(served.port);
    CHECK(client.ask(served.get("/livez")).find("Strict-Transport-Security: ") != std::string::npos);

    folder.write("key.pem", after.key);  // a pair that does not fit: nothing changes
    served.program.signal(SIGHUP);
    folder.write("cert.pem", after.certificate);
    served.program.signal(SIGHUP);
    int fresh = 0;
    CHECK(http::wait_until([&] {
        fresh = shown() == old ? 0 : fresh + 1;
        return fresh == 20;
    }));
    CHECK(served.workers().size() == 2);
}

TEST_CASE("workers go when their supervisor is killed") {
    Served served;
    REQUIRE_FALSE(served.program.first_line().empty());
    const auto workers = served.workers();
    served.program.signal(SIGKILL);
    CHECK(served.program.wait() == -1);
    for (const auto pid : workers) CHECK(http::wait_until([&] { return !Served::is_alive(pid); }));
}

TEST_CASE("a worker that does not end is killed, and the exit code says so") {
    auto sockets = http::listen_on("127.0.0.1", 0, 16, 2);
    REQUIRE(sockets);
    const Log quiet(Level::error, LogFormat::json, [](std::string_view) {});
    const ServiceManager manager("@cadenza-workers-test-" + std::to_string(::getpid()));
    const Told told;
    const auto notifier = told.by({{"NOTIFY_SOCKET", manager.name()}, {"WATCHDOG_USEC", "20000"}});
    Program stubborn([&] {
        const Supervision supervision{.work =
                                          [](std::size_t, http::ListeningSocket, const auto& started) {
                                              std::signal(SIGTERM, SIG_IGN);
                                              started();
                                              for (;;) ::pause();
                                              return 0;
                                          },
                                      .ready = [] { say("ready"); },
                                      .manager = notifier,
                                      .patience = 50ms};
        return supervise(std::move(*sockets), supervision, quiet);
    });
    REQUIRE(stubborn.first_line() == "ready");
    stubborn.signal(SIGTERM);
    CHECK(stubborn.wait() == 1);
    const auto heard = manager.all();
    CHECK(heard.starts_with("READY=1 WATCHDOG=1 "));
    CHECK(heard.find(" STOPPING=1 WATCHDOG=1") != heard.npos);
}

TEST_CASE("a worker that hangs at its start hinders nobody from stopping, and is waited for only so long") {
    // Whether SIGTERM comes, how long a start may take, and whether the worker heeds SIGTERM.
    const auto [told, patience, heeds, code] = GENERATE(table<bool, int, bool, int>(
        {{true, 600'000, true, 0}, {true, 600'000, false, 1}, {false, 50, true, 1}}));
    CAPTURE(told, patience, heeds);
    auto sockets = http::listen_on("127.0.0.1", 0, 16, 2);
    REQUIRE(sockets);
    const Log quiet(Level::error, LogFormat::json, [](std::string_view) {});
    const Told manager;
    const auto notifier = manager.by({});
    // Who heeds it ends by itself, however busy the machine is.
    const std::chrono::milliseconds killed_after = heeds ? 10s : 50ms;
    Program starting([&, ignored = !heeds, most = std::chrono::milliseconds(patience)] {
        const Supervision supervision{
            .work =
                [&](std::size_t number, http::ListeningSocket, const auto& started) {
                    std::signal(SIGTERM, ignored ? SIG_IGN : SIG_DFL);
                    if (number == 0) started();
                    if (number == 1) say("hangs");
                    for (;;) ::pause();
                    return 0;
                },
            .ready = [] { say("ready"); },
            .manager = notifier,
            .patience = killed_after,
            .start_patience = most};
        return supervise(std::move(*sockets), supervision, quiet);
    });
    const auto line = starting.first_line();
    CHECK(line != "ready");
    if (told) REQUIRE(line == "hangs");
    if (told) starting.signal(SIGTERM);
    CHECK(starting.wait() == code);
}

TEST_CASE("a worker that keeps ending is started again, ever less eagerly") {
    const auto [ends, delay] = GENERATE(
        table<int, int>({{0, 0}, {1, 100}, {2, 200}, {3, 400}, {6, 3'200}, {7, 5'000}, {1'000, 5'000}}));
    CHECK(restart_delay(ends) == std::chrono::milliseconds(delay));
}

}  // namespace cadenza::server
