// A resolver that does not answer. This program's getaddrinfo() stands before the C library's.

#include "server/http/client.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <dlfcn.h>
#include <netdb.h>

namespace {

std::atomic<bool> resolver_stuck{};
std::atomic<int> lookups_of_slow_name{};

}  // namespace

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** out) {
    if (host && std::string_view(host) == "slow.test") {
        ++lookups_of_slow_name;
        while (resolver_stuck) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return EAI_NONAME;
    }
    static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return real(host, service, hints, out);
}

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a name server that does not answer cannot hold a request beyond its deadline") {
    resolver_stuck = true;
    lookups_of_slow_name = 0;
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    Client client(context.get_executor(), tls);
    auto sent = asio::co_spawn(context, client.send({.origin = "https://slow.test", .target = "/"}, 30ms),
                               asio::use_future);
    while (sent.wait_for(0s) != std::future_status::ready && context.run_one_for(10s) > 0) {
    }
    REQUIRE(sent.wait_for(0s) == std::future_status::ready);
    const auto answer = sent.get();
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::timed_out);
    CHECK(connect_failed(answer.error()));
    CHECK(wait_until([] { return lookups_of_slow_name == 1; }));

    resolver_stuck = false;
    context.run();  // the late answer finds nobody waiting
}

TEST_CASE("a name nobody knows is a failed connection") {
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    Client client(context.get_executor(), tls);
    auto sent = asio::co_spawn(context, client.send({.origin = "https://slow.test", .target = "/"}, 10s),
                               asio::use_future);
    context.run();
    const auto answer = sent.get();
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
    CHECK(connect_failed(answer.error()));
}

}  // namespace
}  // namespace cadenza::http
