#include "server/doctor/keys.hpp"

#include "server/base/crypto.hpp"
#include "tests/doctor/settings_of.hpp"

#include <numeric>

namespace cadenza::server::doctor {
namespace {

constexpr std::int64_t in_2026 = 1'795'000'000'000;

Finding of_keys(std::vector<SealingKey> keys) {
    Config config;
    config.session_keys = std::move(keys);
    return session_keys(config, in_2026);
}

SealingKey random_key(const std::string& id) { return {id, Secret(random_bytes(32))}; }

}  // namespace

TEST_CASE("random bytes look random, what people make does not") {
    for (int i = 0; i < 2000; ++i) REQUIRE(looks_random(random_bytes(32)));

    std::string counting(32, '\0');
    std::iota(counting.begin(), counting.end(), '\x05');
    std::string back(counting.rbegin(), counting.rend());
    std::string few;
    for (int i = 0; i < 32; ++i) few += static_cast<char>(0x80 + i * i % 7);
    const auto half = random_bytes(16);
    for (const auto& weak : {std::string(32, '\0'), std::string(32, '\xff'), counting, back, few, half + half,
                             std::string("correct horse battery staple 123"), random_bytes(31)})
        CHECK_FALSE(looks_random(weak));
}

TEST_CASE("an id may tell a year") {
    CHECK(year_of("2026a") == 2026);
    CHECK(year_of("20261101") == 2026);
    for (const std::string id : {"", "a", "k1", "202", "20x6", "1999", "a2026"}) CHECK_FALSE(year_of(id));
}

TEST_CASE("keys: none, weak, doubled, old, good") {
    CHECK(of_keys({}).state == State::warning);
    Config demo;
    demo.demo = true;
    CHECK(session_keys(demo, in_2026).state == State::ok);

    const auto good = of_keys({random_key("2026b"), random_key("2026a")});
    CHECK(good == Finding{"session_keys", State::ok, "2 (2026b, 2026a), \"2026b\" seals, since 2026", ""});
    CHECK(of_keys({random_key("2025a")}).state == State::ok);
    CHECK(of_keys({random_key("2024a")}).state == State::warning);
    CHECK(of_keys({random_key("k1")}).what.ends_with("its id tells no age"));

    const auto weak = of_keys({random_key("a"), {"b", Secret(std::string(32, 'A'))}});
    CHECK(weak.state == State::failed);
    CHECK(weak.what.find("\"b\"") != weak.what.npos);
    CHECK(weak.what.find("AAAA") == weak.what.npos);

    const auto first = random_key("a");
    CHECK(of_keys({first, {"b", first.bytes}}).state == State::warning);
}

}  // namespace cadenza::server::doctor
