// /metrics of several workers, as programs of their own.

#include "tests/edge/served.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/promtool.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace cadenza::server {
namespace {

const std::string livez = "cadenza_requests_total{route=\"/livez\",method=\"GET\",code=\"200\"}";

std::string address_of(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

// The text of /metrics; "" when nobody answers.
std::string scrape(std::uint16_t port) {
    try {
        http::Peer peer(port);
        peer.send("GET /metrics HTTP/1.1\r\nHost: " + address_of(port) + "\r\nConnection: close\r\n\r\n");
        const auto answer = peer.read_all();
        const auto head = answer.find("\r\n\r\n");
        return answer.starts_with("HTTP/1.1 200") ? answer.substr(head + 4) : "";
    } catch (const std::exception&) {
        return "";
    }
}

// The value of a series, -1 when it is not there.
double value(const std::string& text, const std::string& series) {
    const auto at = ("\n" + text).find("\n" + series + " ");
    return at == text.npos ? -1 : std::stod(text.substr(at + series.size() + 1));
}

struct Measured {
    explicit Measured(Variables variables = {}, std::uint16_t on = free_port())
        : admin(on), served([&] {
              variables["ADMIN_ADDR"] = address_of(admin);
              return variables;
          }()) {}

    double count() const { return value(scrape(admin), livez); }
    bool settles_at(double expected) const {
        return http::wait_until([&] { return count() == expected; });
    }
    void ask(int times) const {
        for (int i = 0; i < times; ++i) CHECK(served.ask("/livez") == 200);
    }

    std::uint16_t admin;
    Served served;
};

std::string lines_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

}  // namespace

TEST_CASE("what all workers did is in one /metrics") {
    const Measured measured;
    REQUIRE_FALSE(measured.served.program.first_line().empty());
    measured.ask(40);  // the kernel spreads them
    CHECK(measured.settles_at(40));
    const auto text = scrape(measured.admin);
    CHECK(value(text, "cadenza_workers") == 2);
    CHECK(value(text, "cadenza_worker_restarts_total") == 0);
    CHECK(value(text, "cadenza_request_duration_seconds_count{route=\"/livez\",method=\"GET\"}") == 40);
    CHECK(value(text, "process_start_time_seconds") > 1e9);
    for (int i = 0; i < 20; ++i) CHECK(measured.count() == 40);  // whoever answers
    check_with_promtool(text);
}

TEST_CASE("counters do not go back when workers are killed, and their successors count on") {
    const Measured measured;
    REQUIRE_FALSE(measured.served.program.first_line().empty());
    measured.ask(30);
    REQUIRE(measured.settles_at(30));
    double restarts = 0;
    for (const auto victim : measured.served.workers()) {
        ::kill(victim, SIGKILL);
        // The one that is left answers, and its successor soon.
        CHECK(http::wait_until([&] {
            const auto text = scrape(measured.admin);
            if (text.empty()) return false;  // it was the killed one's turn
            CHECK(value(text, livez) == 30);
            return value(text, "cadenza_worker_restarts_total") == restarts + 1 &&
                   value(text, "cadenza_workers") == 2;
        }));
        ++restarts;
        REQUIRE(http::wait_until([&] { return measured.served.workers().size() == 2; }));
    }
    measured.ask(30);
    CHECK(measured.settles_at(60));
}

TEST_CASE("a worker that hangs keeps nobody from the metrics") {
    const Measured measured;
    REQUIRE_FALSE(measured.served.program.first_line().empty());
    const auto workers = measured.served.workers();
    REQUIRE(workers.size() == 2);
    ::kill(workers[0], SIGSTOP);
    for (int i = 0; i < 20; ++i) CHECK(value(scrape(measured.admin), "cadenza_workers") == 2);
    ::kill(workers[0], SIGCONT);
}

TEST_CASE("metrics can be read until the last worker is drained, and nothing is left then") {
    Measured measured({{"SHUTDOWN_DELAY", "1s"}});
    REQUIRE_FALSE(measured.served.program.first_line().empty());
    auto pids = measured.served.workers();
    measured.ask(10);
    Held held(measured.served);
    measured.served.program.signal(SIGTERM);
    REQUIRE(http::wait_until([&] { return measured.served.refuses(); }));
    CHECK(http::wait_until([&] { return measured.count() >= 10; }));
    CHECK(held.release().starts_with("HTTP/1.1 403"));
    CHECK(measured.served.program.wait() == 0);
    for (const auto pid : pids) CHECK_FALSE(Served::is_alive(pid));
    CHECK(http::listen_on("127.0.0.1", measured.admin, 16).has_value());
}

TEST_CASE("a taken admin address stops several workers only if it was asked for") {
    const auto port = free_port();
    auto taken = http::listen_on("127.0.0.1", port, 16);
    REQUIRE(taken);
    Measured asked({}, port);
    CHECK(asked.served.program.first_line().empty());
    CHECK(asked.served.program.wait() == 1);

    const TemporaryFolder folder;
    const auto log = folder.path() + "/log";
    auto config = config_of(free_port(), {{"LOG_LEVEL", "info"}});
    config.admin = AdminAddress{.port = port};
    Program unasked([&] {
        ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), STDERR_FILENO);
        return serve(config);
    });
    CHECK(unasked.first_line() == "listening on " + config.own_origin);
    CHECK(lines_of(log).find("\"event\":\"admin_unavailable\"") != std::string::npos);
    CHECK(lines_of(log).find("\"event\":\"admin_listening\"") == std::string::npos);
    unasked.signal(SIGTERM);
    CHECK(unasked.wait() == 0);
}

}  // namespace cadenza::server
