// REDIS_URL: what is read can be shown without its passwords, and what is shown reads the same.
#include "server/redis/url.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using redis::Options;

void run(std::string_view input) {
    const auto read = redis::parse_url(input);
    if (!read) {
        require(!read.error().detail.empty(), "a refusal says why");
        return;
    }
    require(!read->addresses.empty(), "there is a place");
    for (const auto& address : read->addresses)
        require(address.path.empty() ? !address.host.empty() && address.port != 0 : address.host.empty(),
                "a host and a port, or a path");
    require(read->database >= 0, "a database from 0");
    require((read->kind == Options::Kind::sentinel) == !read->master.empty(), "a master with sentinels");

    auto marked = *read;
    const server::Secret secret("***");
    if (!marked.credentials.password.empty()) marked.credentials.password = secret;
    if (!marked.sentinel_credentials.password.empty()) marked.sentinel_credentials.password = secret;
    const auto shown = redis::describe(*read);
    require(redis::parse_url(shown) == Result<Options>(marked),
            "shown, it is the same but for the passwords");
    require(shown.find_first_of("\r\n") == shown.npos, "one line");
}

const Registration registration({"redis_url", run});

}  // namespace
}  // namespace cadenza::fuzz
