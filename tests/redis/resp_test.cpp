#include "server/redis/resp.hpp"

#include "server/redis/slot.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <algorithm>

namespace cadenza::redis {
namespace {

using Kind = Reply::Kind;

// Every reply in `bytes`, fed in pieces of `piece`; an error ends the list.
std::vector<Result<Reply>> read(std::string_view bytes, std::size_t piece, ReplyReader::Limits limits = {}) {
    ReplyReader reader(limits);
    std::vector<Result<Reply>> out;
    while (!bytes.empty()) {
        reader.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        for (;;) {
            auto reply = reader.next();
            if (reply && !*reply) break;
            if (!reply) {
                out.emplace_back(reply.error());
                return out;
            }
            out.emplace_back(std::move(**reply));
        }
    }
    return out;
}

TEST_CASE("a command is written binary-safe") {
    CHECK(*format({"SET", "k\r\n", std::string("\0v", 2)}) ==
          std::string("*3\r\n$3\r\nSET\r\n$3\r\nk\r\n\r\n$2\r\n\0v\r\n", 30));
    CHECK(*format({""}) == "*1\r\n$0\r\n\r\n");
    CHECK(format({}).has_error());
}

TEST_CASE("replies are read however they are cut") {
    const auto bytes = "+OK\r\n$5\r\n" + std::string("a\r\n\0b", 5) +
                       "\r\n:-42\r\n$-1\r\n*-1\r\n-ERR no\r\n*0\r\n"
                       "*3\r\n:1\r\n*2\r\n$1\r\nx\r\n$-1\r\n$0\r\n\r\n";
    const auto piece = GENERATE(1UL, 2UL, 3UL, 7UL, 1000UL);
    const auto replies = read(bytes, piece);
    REQUIRE(replies.size() == 8);
    CHECK(*replies[0] == Reply{.kind = Kind::text, .text = "OK"});
    CHECK(*replies[1] == Reply{.kind = Kind::text, .text = std::string("a\r\n\0b", 5)});
    CHECK(*replies[2] == Reply{.kind = Kind::integer, .integer = -42});
    CHECK(*replies[3] == Reply{});
    CHECK(*replies[4] == Reply{});
    CHECK(*replies[5] == Reply{.kind = Kind::error, .text = "ERR no"});
    CHECK(*replies[6] == Reply{.kind = Kind::array});
    CHECK(*replies[7] ==
          Reply{.kind = Kind::array,
                .items = {{.kind = Kind::integer, .integer = 1},
                          {.kind = Kind::array, .items = {{.kind = Kind::text, .text = "x"}, {}}},
                          {.kind = Kind::text}}});
}

TEST_CASE("what is not RESP2, or too much, is an error and the end") {
    const std::string bytes = GENERATE(
        as<std::string>(), "HTTP/1.1 400 Bad Request\r\n", "%1\r\n+a\r\n+b\r\n", "_\r\n", "#t\r\n",
        ",1.5\r\n", "*2147483648\r\n", "$99999999999999999999\r\n", "*-2\r\n", ":one\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "*101\r\n", "*60\r\n*60\r\n");
    CAPTURE(bytes);
    ReplyReader reader({.bytes = 1000, .elements = 100});
    reader.feed(bytes);
    REQUIRE(reader.next().has_error());
    reader.feed("+OK\r\n");
    CHECK(reader.next().has_error());
    CHECK(reader.next().error().code == Errc::storage_failed);
}

TEST_CASE("a reply is read up to the limit, and what follows it does not count") {
    const ReplyReader::Limits limits{.bytes = 1000, .elements = 100};
    const std::string fits = "$900\r\n" + std::string(900, 'x') + "\r\n";
    const std::string over = "$2000\r\n" + std::string(1500, 'x');
    std::string many;
    for (int i = 0; i < 10; ++i) many += fits;
    CHECK(read(many, 16'384, limits).size() == 10);
    CHECK(read(many, 100, limits).size() == 10);
    CHECK(read(many + over, 100, limits).size() == 11);
    CHECK(read(over, 100, limits).front().has_error());
    std::string items = "*100\r\n";
    for (int i = 0; i < 100; ++i) items += ":7\r\n";
    CHECK(read(items + items, 10, limits).size() == 2);
}

TEST_CASE("random and damaged bytes never do more than fail") {
    Random random(7);
    const std::string whole = "*4\r\n$3\r\nabc\r\n:12\r\n*2\r\n+x\r\n$-1\r\n-ERR y\r\n";
    std::size_t errors = 0;
    std::size_t replies = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes;
        if (random.chance(50)) {
            bytes = whole + whole;
            for (std::size_t i = random.below(4) + 1; i > 0; --i)
                bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        } else {
            bytes = random.from("*$:+-\r\n0123456789ax", random.below(60));
        }
        for (const auto& reply : read(bytes, random.below(9) + 1, {.bytes = 4096, .elements = 64}))
            ++(reply ? replies : errors);
    }
    CHECK(errors > 1000);
    CHECK(replies > 1000);
}

TEST_CASE("keys fall into the slots Redis puts them in") {
    CHECK(slot_of("") == 0);
    CHECK(slot_of("123456789") == 0x31C3);
    CHECK(slot_of("foo") == 12182);
    CHECK(slot_of("{user1000}.following") == slot_of("user1000"));
    CHECK(slot_of("foo{}{bar}") == 8363);
    CHECK(slot_of("foo{{bar}}zap") == slot_of("{bar"));
    CHECK(slot_of("foo{bar}{zap}") == slot_of("bar"));
    CHECK(slot_of("foo{bar") != slot_of("bar"));
}

}  // namespace
}  // namespace cadenza::redis
