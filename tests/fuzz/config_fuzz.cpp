// The environment. Input: a line for each variable, "NAME=value".
#include "server/config.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <map>

namespace cadenza::fuzz {
namespace {

using namespace cadenza::server;

const std::string secret = "0c2f9d7e5b1a";

// Nothing from a variable adds a directive to the page's policy, or a field to its head.
void check_policy(const http::SecurityPolicy& policy) {
    http::SecurityPolicy plain = policy;
    plain.sdk_origin = "https://sdk.example";
    plain.art_origins.clear();
    plain.backend_origin.clear();
    plain.sentry_origin.clear();
    const auto expected = http::page_headers(plain);
    const auto headers = http::page_headers(policy);
    const auto directives = [](std::string_view text) { return std::count(text.begin(), text.end(), ';'); };
    for (const auto& [name, value] : headers) {
        require(value.find_first_of("\r\n") == value.npos, "a field is one line");
        const auto usual = expected.find(name);
        require(usual && directives(value) == directives(*usual), "the directives of our own");
    }
    for (const auto& origin : {policy.sdk_origin, policy.backend_origin, policy.sentry_origin})
        require(origin.find_first_of(" \t;,'\"") == origin.npos, "an origin is one word");
}

void check(const Config& config, std::string_view input) {
    require(config.replicas >= 1, "a replica at least");
    require(config.limits.header_bytes > 0 && config.limits.body_bytes > 0, "limits above zero");
    require(config.shutdown_deadline.count() >= 0 && config.session_idle.count() > 0, "times");
    require(config.frontend_url.find_first_of(" \r\n;,") == std::string::npos, "an origin in FRONTEND_URL");
    require(config.redirect_path().starts_with('/'), "a redirect path");
    check_policy(config.security_policy());
    for (const auto& key : config.session_keys) require(key.bytes.reveal().size() == 32, "keys of 32 bytes");
    if (input.find(secret) == input.npos)
        require(describe(config).find(secret) == std::string::npos, "no secret is shown");
}

void run(std::string_view input) {
    std::map<std::string, std::string> variables{{"SPOTIFY_CLIENT_SECRET", secret}};
    for (auto rest = input; !rest.empty();) {
        auto line = take(rest, '\n');
        const auto name = take(line, '=');
        variables.insert_or_assign(std::string(name), std::string(line));
    }
    const auto read = read_config(
        [&](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        [](const std::string& path) -> std::optional<std::string> {
            return path.starts_with('/') ? std::optional(path.substr(1)) : std::nullopt;
        });
    if (const auto* config = std::get_if<Config>(&read)) return check(*config, input);
    const auto& problems = std::get<std::vector<ConfigProblem>>(read);
    require(!problems.empty(), "a refusal says why");
    for (const auto& [variable, problem] : problems) {
        require(!variable.empty() && !problem.empty(), "a problem has a variable and a text");
        if (input.find(secret) == input.npos)
            require(problem.find(secret) == problem.npos, "no secret is told");
    }
}

const Registration registration({"config", run});

}  // namespace
}  // namespace cadenza::fuzz
