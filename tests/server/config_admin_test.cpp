#include "server/config.hpp"
#include "tests/support/catch.hpp"

#include <map>

namespace cadenza::server {
namespace {

using Variables = std::map<std::string, std::string>;

std::variant<Config, std::vector<ConfigProblem>> read(const Variables& variables) {
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return read_config(environment, [](const std::string& path) -> std::optional<std::string> {
        return path == "/dsn" ? std::optional<std::string>("https://filekey@errors.example/7\n")
                              : std::nullopt;
    });
}

Config good(const Variables& variables) {
    auto result = read(variables);
    REQUIRE(std::holds_alternative<Config>(result));
    return std::get<Config>(std::move(result));
}

std::vector<ConfigProblem> problems(const Variables& variables) {
    auto result = read(variables);
    const auto* found = std::get_if<std::vector<ConfigProblem>>(&result);
    return found ? *found : std::vector<ConfigProblem>{};
}

TEST_CASE("metrics are served on loopback unless somebody wants them elsewhere, or not") {
    const auto usual = good({}).admin;
    REQUIRE(usual);
    CHECK(usual->text() == "127.0.0.1:9464");
    CHECK_FALSE(usual->required);
    CHECK_FALSE(good({{"ADMIN_ADDR", ""}}).admin);

    const auto chosen = good({{"ADMIN_ADDR", "0.0.0.0:9000"}}).admin;
    REQUIRE(chosen);
    CHECK(chosen->text() == "0.0.0.0:9000");
    CHECK(chosen->required);
    CHECK(good({{"ADMIN_ADDR", "[::1]:9464"}}).admin->host == "::1");
    CHECK(good({{"ADMIN_ADDR", "[::1]:9464"}}).admin->text() == "[::1]:9464");
    CHECK(describe(good({})).find("ADMIN_ADDR=127.0.0.1:9464\n") != std::string::npos);
}

TEST_CASE("an admin address that is none is refused with what would be right") {
    for (const auto* text : {"9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                             "127.0.0.1:-1", "127.0.0.1:9464/", "localhost:9464", "::1:9464", "[::1]",
                             "[::1:9464", "[127.0.0.1]:9464", " 127.0.0.1:9464", "off"}) {
        CAPTURE(text);
        const auto found = problems({{"ADMIN_ADDR", text}});
        REQUIRE(found.size() == 1);
        CHECK(found[0].variable == "ADMIN_ADDR");
        CHECK(found[0].problem.find("127.0.0.1:9464") != std::string::npos);
    }
}

TEST_CASE("a DSN may come from a file, and is never shown") {
    const auto config =
        good({{"SENTRY_DSN_FILE", "/dsn"}, {"SENTRY_DSN_CLIENT", "https://pagekey@errors.example/8"}});
    REQUIRE(config.sentry_dsn);
    CHECK(config.sentry_dsn->key == "filekey");
    CHECK(config.sentry_dsn->project == "7");
    const auto shown = describe(config);
    CHECK(shown.find("filekey") == std::string::npos);
    CHECK(shown.find("pagekey") == std::string::npos);
    CHECK(shown.find("SENTRY_DSN=(set)\n") != std::string::npos);
    CHECK_FALSE(good({}).sentry_dsn);
    for (const auto* name : {"SENTRY_DSN", "SENTRY_DSN_CLIENT"}) {
        const auto found = problems({{name, "http://hush@errors.example/7"}});
        REQUIRE(found.size() == 1);
        CHECK(found[0].variable == name);
        CHECK(found[0].problem.find("hush") == std::string::npos);
    }
}

TEST_CASE("the page may reach the origin of its DSN, and nothing more of it") {
    const auto origin = [](const char* dsn) {
        return good({{"SENTRY_DSN_CLIENT", dsn}}).security_policy().sentry_origin;
    };
    CHECK(origin("https://key@o1.ingest.sentry.io/1") == "https://o1.ingest.sentry.io");
    CHECK(origin("https://key@errors.example:8443/below/1") == "https://errors.example:8443");
    CHECK(good({}).security_policy().sentry_origin.empty());
}

}  // namespace
}  // namespace cadenza::server
