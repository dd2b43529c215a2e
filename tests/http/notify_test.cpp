#include "server/base/notify.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/service_manager.hpp"

#include <unistd.h>

namespace cadenza::server {
namespace {

void check_conversation(const ServiceManager& manager) {
    const Told told;
    const auto notifier = told.by({{"NOTIFY_SOCKET", manager.name()}});
    notifier.ready();
    CHECK(manager.next() == "READY=1");
    notifier.reloading();
    const auto reloading = manager.next();
    CHECK(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(std::stoll(reloading.substr(reloading.rfind('=') + 1)) > 0);
    notifier.alive();
    CHECK(manager.next() == "WATCHDOG=1");
    notifier.stopping();
    CHECK(manager.next() == "STOPPING=1");
    CHECK(manager.next() == "nothing");
    CHECK(told.lines.empty());
}

TEST_CASE("the manager hears each state in a datagram of its own") {
    const TemporaryFolder folder;
    check_conversation(ServiceManager(folder.path() + "/notify"));
    check_conversation(ServiceManager("@cadenza-notify-test-" + std::to_string(::getpid())));
}

TEST_CASE("nothing is sent, and nothing said, where nobody listens") {
    const Told told;
    told.by({}).ready();
    Notifier(told.log).stopping();
    CHECK(told.lines.empty());
}

TEST_CASE("a manager that is gone, and a name too long for a socket, are said once a message") {
    const Told told;
    told.by({{"NOTIFY_SOCKET", "/nowhere/notify"}}).ready();
    told.by({{"NOTIFY_SOCKET", "/" + std::string(200, 'n')}}).reloading();
    REQUIRE(told.lines.size() == 2);
    CHECK(told.lines[0].find("READY=1") != std::string::npos);
    CHECK(told.lines[1].find("MONOTONIC") == std::string::npos);
}

TEST_CASE("a manager that does not read stops nobody") {
    const TemporaryFolder folder;
    const ServiceManager manager(folder.path() + "/notify");
    const Told told;
    const auto notifier = told.by({{"NOTIFY_SOCKET", manager.name()}});
    for (int i = 0; i < 10'000; ++i) notifier.alive();
    CHECK(manager.next() == "WATCHDOG=1");
    CHECK_FALSE(told.lines.empty());
}

TEST_CASE("the watchdog is told twice in the time it waits, by the process it watches") {
    const Told told;
    const auto interval = [&](std::map<std::string, std::string> variables) {
        variables["NOTIFY_SOCKET"] = "/run/notify";
        return told.by(variables).interval();
    };
    CHECK(interval({{"WATCHDOG_USEC", "30000000"}}) == std::chrono::seconds(15));
    CHECK(interval({{"WATCHDOG_USEC", "1"}}) == std::chrono::microseconds(1));
    CHECK(interval({{"WATCHDOG_USEC", "8"}, {"WATCHDOG_PID", std::to_string(::getpid())}}) ==
          std::chrono::microseconds(4));
    CHECK(interval({{"WATCHDOG_USEC", "8"}, {"WATCHDOG_PID", "1"}}) == std::nullopt);
    for (const auto* bad : {"", "0", "-5", "soon", "5s", "99999999999999999999"})
        CHECK(interval({{"WATCHDOG_USEC", bad}}) == std::nullopt);
    CHECK(interval({}) == std::nullopt);
    CHECK(told.by({{"WATCHDOG_USEC", "30000000"}}).interval() == std::nullopt);
}

}  // namespace
}  // namespace cadenza::server
