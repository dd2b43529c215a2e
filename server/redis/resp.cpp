#include "server/redis/resp.hpp"

#include <hiredis/hiredis.h>

namespace cadenza::redis {

struct ReplyReader::State {
    explicit State(Limits asked) : limits(asked) {}

    Limits limits;
    redisReader* reader{};
    std::size_t fed{};       // bytes, ever
    std::size_t begins{};    // where among them the current reply begins
    std::size_t elements{};  // of the current reply, so far
    bool too_many{};
    bool broken{};
};

namespace {

using Kind = Reply::Kind;

// Where a part of a reply goes: a new object for the outermost, else its place in the array around it, whose
// size is fixed before its items come, so that addresses stay.
Reply* place_of(const redisReadTask* task) {
    if (!task->parent) return std::make_unique<Reply>().release();
    auto& items = static_cast<Reply*>(task->parent->obj)->items;
    return &items[static_cast<std::size_t>(task->idx)];
}

void* create_string(const redisReadTask* task, char* text, std::size_t size) {
    auto* reply = place_of(task);
    reply->kind = task->type == REDIS_REPLY_ERROR ? Kind::error : Kind::text;
    reply->text.assign(text, size);
    return reply;
}

void* create_integer(const redisReadTask* task, long long value) {
    auto* reply = place_of(task);
    reply->kind = Kind::integer;
    reply->integer = value;
    return reply;
}

void* create_nil(const redisReadTask* task) { return place_of(task); }

void release(void* reply) { std::unique_ptr<Reply>(static_cast<Reply*>(reply)).reset(); }

}  // namespace

ReplyReader::ReplyReader(Limits limits) : state_(std::make_unique<State>(limits)) {
    static redisReplyObjectFunctions functions{
        .createString = create_string,
        .createArray = [](const redisReadTask* task, int size) -> void* {
            auto& state = *static_cast<State*>(task->privdata);
            state.elements += static_cast<std::size_t>(size);
            state.too_many = state.elements > state.limits.elements;
            if (state.too_many) return nullptr;  // hiredis gives up and frees what there is
            auto* reply = place_of(task);
            reply->kind = Kind::array;
            reply->items.resize(static_cast<std::size_t>(size));
            return reply;
        },
        .createInteger = create_integer,
        .createNil = create_nil,
        .freeObject = release,
    };
    state_->reader = redisReaderCreateWithFunctions(&functions);
    if (!state_->reader) throw std::bad_alloc();
    state_->reader->privdata = state_.get();
}

ReplyReader::~ReplyReader() { redisReaderFree(state_->reader); }

void ReplyReader::feed(std::string_view bytes) {
    if (state_->broken || bytes.empty()) return;
    state_->fed += bytes.size();
    state_->broken = redisReaderFeed(state_->reader, bytes.data(), bytes.size()) != REDIS_OK;
}

Result<std::optional<Reply>> ReplyReader::next() {
    auto& state = *state_;
    const auto fail = [&](const std::string& why) -> Error {
        state.broken = true;
        return {Errc::storage_failed, "redis: reply: " + why};
    };
    if (state.broken) return fail("nothing more can be read");
    void* found{};
    if (redisReaderGetReply(state.reader, &found) != REDIS_OK)
        return fail(state.too_many ? "too many elements" : "not RESP2");
    if (!found) {
        if (state.fed - state.begins > state.limits.bytes) return fail("too long");
        return std::optional<Reply>{};
    }
    state.begins = state.fed - (state.reader->len - state.reader->pos);
    state.elements = 0;
    const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
    return std::optional<Reply>(std::move(*reply));
}

Result<std::string> format(const std::vector<std::string>& words) {
    if (words.empty()) return Error{Errc::invalid_value, "redis: a command without a word"};
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    for (const auto& word : words) {
        starts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* text{};
    const auto size =
        redisFormatCommandArgv(&text, static_cast<int>(words.size()), starts.data(), sizes.data());
    if (size < 0) throw std::bad_alloc();
    std::string out(text, static_cast<std::size_t>(size));
    redisFreeCommand(text);
    return out;
}

std::string_view error_code(const Reply& reply) {
    if (reply.kind != Kind::error) return {};
    return std::string_view(reply.text).substr(0, reply.text.find(' '));
}

}  // namespace cadenza::redis
