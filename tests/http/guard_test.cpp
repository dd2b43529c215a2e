// The guard and the parsers without a socket, against whatever chance makes of real requests.

#include "server/http/guard.hpp"

#include "server/http/listener.hpp"
#include "server/http/request_parser.hpp"
#include "tests/http/raw_requests.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

namespace cadenza::http {
namespace {

TEST_CASE("a path is decoded once, or not at all") {
    const auto [raw, path] = GENERATE(table<std::string, std::optional<std::string>>({
        {"/", "/"},
        {"/a/b/", "/a/b/"},
        {"/a%20b", "/a b"},
        {"/%C3%A9%3F%23", "/é?#"},
        {"/a..b/...", "/a..b/..."},
        {"/a+b", "/a+b"},
        {"", std::nullopt},
        {"a", std::nullopt},
        {"%2Fa", std::nullopt},
        {"/..", std::nullopt},
        {"/a/.", std::nullopt},
        {"/a//", std::nullopt},
        {"//", std::nullopt},
        {"/%", std::nullopt},
        {"/%4", std::nullopt},
        {"/%g1", std::nullopt},
        {"/%%41", std::nullopt},
        {"/%5c", std::nullopt},
        {"/\\", std::nullopt},
        {"/%7F", std::nullopt},
        {"/%1b", std::nullopt},
        {"/%252e", std::nullopt},
    }));
    CAPTURE(raw);
    CHECK(decode_path(raw) == path);
}

TEST_CASE("no path leads out of its folder, whatever it is made of") {
    Random random(3);
    constexpr std::string_view pieces[] = {"/", ".", "..",     "%2e", "%2F", "%5C", "%25", "%00", "%41",
                                           "a", "é", "%C3%A9", "\\",  ";",   "%",   "%2",  "//",  "~"};
    std::size_t decoded = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string raw = random.chance(90) ? "/" : "";
        for (std::size_t i = random.below(8); i > 0; --i) raw += pieces[random.below(std::size(pieces))];
        const auto path = decode_path(raw);
        if (!path) continue;
        ++decoded;
        const auto framed = *path + "/";
        const bool inside = framed.find("/../") == framed.npos && framed.find("/./") == framed.npos &&
                            path->find("//") == path->npos && path->find('\\') == path->npos &&
                            path->find('%') == path->npos && path->starts_with('/');
        if (inside) continue;
        CAPTURE(raw, *path);
        FAIL("a path that two readers could understand in two ways");
    }
    CHECK(decoded > 5'000);
}

// Does to `bytes` what a broken or hostile peer does: cuts, doubles, swaps and invents.
std::string mutate(Random& random, std::string bytes, const std::string& other) {
    for (std::size_t i = random.below(4); i > 0 && !bytes.empty(); --i) {
        const auto at = random.below(bytes.size());
        const auto size = random.below(std::min<std::size_t>(bytes.size() - at, 20) + 1);
        switch (random.below(6)) {
            case 0: bytes.erase(at, size); break;
            case 1: bytes.insert(at, bytes.substr(at, size)); break;
            case 2: bytes[at] = random.bytes(1)[0]; break;
            case 3: bytes.insert(at, random.from("\r\n\t :;,%/.0aZ", 1 + random.below(3))); break;
            case 4: bytes.insert(at, other.substr(random.below(other.size()), random.below(30))); break;
            default: bytes.resize(at); break;
        }
    }
    return bytes;
}

// What must hold of every request that is let through; "" when it does.
std::string fault_of(const Head& head, const Admission& admission) {
    const auto& fields = head.fields;
    if (fields.count("Host") != 1) return "Host";
    if (fields.count("Transfer-Encoding") + fields.count("Content-Length") > 1) return "two framings";
    const auto coding = fields.find("Transfer-Encoding");
    if (admission.chunked != coding.has_value()) return "chunked";
    if (admission.chunked && (coding->size() != 7 || head.version != 11)) return "coding";
    if (admission.length > 0 && fields.count("Content-Length") != 1) return "length";
    if (admission.request.method == Method::get && (admission.chunked || admission.length > 0)) return "GET";
    for (const auto& [name, value] : fields)
        for (const char c : name + value)
            if ((c < 0x20 && c != '\t') || c == 0x7F) return "control character";
    const auto& path = admission.request.path;
    if (path != "*" && !path.starts_with('/')) return "path";
    return {};
}

TEST_CASE("a request that is let through is clean, whatever it was made from") {
    Random random(5);
    const Limits limits{.body_bytes = 4096};
    std::vector<std::string> seeds;
    for (const auto* rows : {&framings(), &heads()})
        for (const auto& row : *rows)
            if (row.bytes.size() < 1024) seeds.push_back(row.bytes);
    std::size_t admitted = 0;
    std::size_t read = 0;
    for (int round = 0; round < 20'000; ++round) {
        const auto& other = seeds[random.below(seeds.size())];
        const auto bytes = mutate(random, seeds[random.below(seeds.size())], other);
        CAPTURE(bytes);
        auto rest = bytes;
        std::size_t searched = 0;
        const auto block = take_block(rest, searched, limits);
        if (!block || !*block) continue;
        const auto head = parse_head(**block, limits);
        if (!head) continue;
        const auto admission = request_guard(*head, limits.body_bytes);
        if (!admission) continue;
        ++admitted;
        const auto fault = fault_of(*head, *admission);
        if (!fault.empty()) FAIL(fault);
        if (!admission->chunked) continue;
        ChunkReader reader(**block, limits);
        if (reader.take(rest) || !reader.done()) continue;
        ++read;
        const auto body = reader.release();
        if (body.size() > limits.body_bytes || bytes.size() < body.size()) FAIL("body");
    }
    CHECK(admitted > 2'000);
    CHECK(read > 100);
}

TEST_CASE("a block is found wherever it is cut") {
    const std::string block = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    for (std::size_t cut = 0; cut < block.size(); ++cut) {
        auto buffer = block.substr(0, cut);
        std::size_t searched = 0;
        const auto before = take_block(buffer, searched, {});
        REQUIRE(before.has_value());
        CHECK_FALSE(before->has_value());
        buffer += block.substr(cut) + "POST";
        const auto after = take_block(buffer, searched, {});
        REQUIRE(after.has_value());
        CHECK(*after == block);
        CHECK(buffer == "POST");
    }
}

TEST_CASE("chunks are read wherever they are cut") {
    const std::string block = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string chunks = "3;a=\"b\"\r\nabc\r\n10\r\n0123456789abcdef\r\n000\r\nX: y\r\n\r\n";
    for (std::size_t cut = 0; cut < chunks.size(); ++cut) {
        CAPTURE(cut);
        ChunkReader reader(block, {});
        auto buffer = chunks.substr(0, cut);
        REQUIRE_FALSE(reader.take(buffer));
        CHECK_FALSE(reader.done());
        buffer += chunks.substr(cut) + "GET /";
        REQUIRE_FALSE(reader.take(buffer));
        REQUIRE(reader.done());
        CHECK(reader.release() == "abc0123456789abcdef");
        CHECK(buffer == "GET /");
    }
}

}  // namespace
}  // namespace cadenza::http
