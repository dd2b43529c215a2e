// Replies of Redis: what our reader says must be what hiredis says by itself, however the bytes are cut.
// Input: a byte that says where they are cut, then the replies.
#include "server/redis/resp.hpp"
#include "tests/fuzz/target.hpp"

#include <hiredis/hiredis.h>

#include <memory>

namespace cadenza::fuzz {
namespace {

using redis::Reply;
using Kind = Reply::Kind;
struct Replies {
    std::vector<Reply> whole;
    bool broken{};
    bool operator==(const Replies&) const = default;
};

// Arrays of hiredis take their whole size at once; both sides refuse larger ones before.
constexpr redis::ReplyReader::Limits limits{.bytes = 1UL << 20, .elements = 10'000};

Replies read_ours(std::string_view bytes, std::size_t cut) {
    redis::ReplyReader reader(limits);
    Replies out;
    for (const auto part : {bytes.substr(0, cut), bytes.substr(cut)}) {
        reader.feed(part);
        for (;;) {
            auto next = reader.next();
            if (!next) {
                out.broken = true;
                require(!reader.next(), "nothing can be read after that");
                return out;
            }
            if (!*next) break;
            out.whole.push_back(std::move(**next));
        }
    }
    return out;
}

Reply converted(const redisReply& reply) {
    const auto text = [&] { return std::string(reply.str, static_cast<std::size_t>(reply.len)); };
    switch (reply.type) {
        case REDIS_REPLY_INTEGER: return {.kind = Kind::integer, .integer = reply.integer};
        case REDIS_REPLY_ERROR: return {.kind = Kind::error, .text = text()};
        case REDIS_REPLY_NIL: return {};
        case REDIS_REPLY_ARRAY: break;
        default: return {.kind = Kind::text, .text = text()};
    }
    Reply out{.kind = Kind::array};
    for (std::size_t i = 0; i < reply.elements; ++i) out.items.push_back(converted(*reply.element[i]));
    return out;
}

Replies read_hiredis(std::string_view bytes) {
    const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(),
                                                                          redisReaderFree);
    Replies out;
    redisReaderFeed(reader.get(), bytes.data(), bytes.size());
    for (;;) {
        void* found{};
        if (redisReaderGetReply(reader.get(), &found) != REDIS_OK) out.broken = true;
        if (!found) return out;
        const std::unique_ptr<void, decltype(&freeReplyObject)> reply(found, freeReplyObject);
        out.whole.push_back(converted(*static_cast<redisReply*>(found)));
    }
}

// Whether an array says it has more elements than our limit takes in all.
bool claims_too_much(std::string_view bytes) {
    std::size_t claimed = 0;
    for (auto at = bytes.find('*'); at != bytes.npos; at = bytes.find('*', at + 1)) {
        std::size_t size = 0;
        for (auto i = at + 1; i < bytes.size() && size <= limits.elements; ++i)
            if (bytes[i] >= '0' && bytes[i] <= '9')
                size = size * 10 + static_cast<std::size_t>(bytes[i] - '0');
            else if (bytes[i] == '\r')
                break;
        claimed += size;
    }
    return claimed > limits.elements;
}

void run(std::string_view input) {
    const auto cut = take_byte(input);
    const auto whole = read_ours(input, input.size());
    if (!claims_too_much(input)) require(whole == read_hiredis(input), "what hiredis reads");
    require(read_ours(input, input.empty() ? 0 : cut % input.size()) == whole, "the same wherever it is cut");
    for (const auto& reply : whole.whole)
        require(redis::error_code(reply).empty() || reply.kind == Kind::error, "a code of an error only");
}

const Registration registration({"resp", run});

}  // namespace
}  // namespace cadenza::fuzz
