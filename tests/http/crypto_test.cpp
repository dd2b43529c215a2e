#include "server/base/crypto.hpp"

#include "server/base/ascii.hpp"
#include "server/base/base64url.hpp"
#include "server/base/request_ids.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <set>

namespace cadenza::server {
namespace {

std::string from_hex(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    return out;
}

// Source: FIPS 180-2, appendix B, and the empty text.
TEST_CASE("SHA-256 gives the standard's digests") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(sha256(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    CHECK(hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// Source: RFC 4231, sections 4.2 to 4.8; 4.6 is a truncated digest, which we never make.
TEST_CASE("HMAC-SHA-256 gives the standard's codes") {
    CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))) ==
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(hex(hmac_sha256(std::string(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(hex(hmac_sha256({}, {})) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// Source: RFC 5869, appendix A.1 to A.3; we take the first 32 of their 42 or 82 bytes.
TEST_CASE("HKDF gives the standard's keys") {
    CHECK(hex(hkdf(std::string(22, '\x0b'), from_hex("000102030405060708090a0b0c"),
                   from_hex("f0f1f2f3f4f5f6f7f8f9"))) ==
          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    std::string key;
    std::string salt;
    std::string info;
    for (int i = 0; i < 80; ++i) {
        key += static_cast<char>(i);
        salt += static_cast<char>(0x60 + i);
        info += static_cast<char>(0xb0 + i);
    }
    CHECK(hex(hkdf(key, salt, info)) == "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c");
    CHECK(hex(hkdf(std::string(22, '\x0b'), {}, {})) ==
          "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST_CASE("different purposes give different keys") {
    const auto key = random_bytes(32);
    CHECK(hkdf(key, "salt", "cookie") != hkdf(key, "salt", "store"));
    CHECK(hkdf(key, "salt", "cookie") != hkdf(key, "other", "cookie"));
    CHECK(hkdf(key, "salt", "cookie") == hkdf(key, "salt", "cookie"));
}

TEST_CASE("what is sealed opens again, and only with the same key and purpose") {
    const auto key = random_bytes(32);
    Random random(1);
    for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 1'000u, 100'000u}) {
        const auto plain = random.bytes(size);
        const auto sealed = seal(key, plain, "session");
        CHECK(sealed.size() == size + 28);
        CHECK(open(key, sealed, "session") == plain);
        CHECK_FALSE(open(key, sealed, "login"));
        CHECK_FALSE(open(key, sealed, ""));
        CHECK_FALSE(open(random_bytes(32), sealed, "session"));
        CHECK_FALSE(open(key.substr(1), sealed, "session"));
        CHECK_FALSE(open({}, sealed, "session"));
    }
    CHECK(open(key, seal(key, {}, {}), {}) == "");
    CHECK(seal(key, "same", "session") != seal(key, "same", "session"));
}

TEST_CASE("not one bit of a sealed text may change") {
    const auto key = random_bytes(32);
    const auto sealed = seal(key, "twenty bytes of text", "session");
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        CAPTURE(bit);
        REQUIRE_FALSE(open(key, changed, "session"));
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        CAPTURE(size);
        REQUIRE_FALSE(open(key, sealed.substr(0, size), "session"));
        REQUIRE_FALSE(open(key, sealed.substr(sealed.size() - size), "session"));
    }
    CHECK_FALSE(open(key, sealed + 'x', "session"));
}

TEST_CASE("random texts are long, clean and never the same") {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const auto token = random_token(32);
        CHECK(token.size() == 43);
        seen.insert(token);
    }
    CHECK(seen.size() == 1'000);
    CHECK(random_bytes(0).empty());
    CHECK(random_bytes(100).size() == 100);
}

TEST_CASE("no two requests have one name") {
    RequestIds some;
    RequestIds others;
    std::set<std::string> seen;
    for (int i = 0; i < 500; ++i) {
        for (auto* ids : {&some, &others}) {
            const auto id = ids->next();
            CHECK(id.size() == 16);
            CHECK(is_base64url(id));
            seen.insert(id);
        }
    }
    CHECK(seen.size() == 1'000);
}

TEST_CASE("texts are the same only in full") {
    CHECK(same("abc", "abc"));
    CHECK(same({}, ""));
    CHECK_FALSE(same("abc", "abd"));
    CHECK_FALSE(same("abc", "ab"));
    CHECK_FALSE(same("", "a"));
    CHECK_FALSE(same({"a\0b", 3}, {"a\0c", 3}));
}

}  // namespace
}  // namespace cadenza::server
