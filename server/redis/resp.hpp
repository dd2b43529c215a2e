#pragma once

// RESP2, the language of Redis, by hiredis' formatter and reader.

#include "server/redis/client.hpp"
#include "shared/base/error.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::redis {

// A command as it is sent. Errors: invalid_value without any word.
Result<std::string> format(const std::vector<std::string>& words);

class ReplyReader {
public:
    struct Limits {
        std::size_t bytes{16UL * 1024 * 1024};  // of one reply, as it is sent
        std::size_t elements{100'000};          // of all its arrays
    };

    ReplyReader() : ReplyReader(Limits{}) {}
    explicit ReplyReader(Limits limits);
    ~ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;

    // Takes what came from the connection.
    void feed(std::string_view bytes);
    // The next whole reply; nullopt when more bytes are needed.
    // Errors: storage_failed for what is not RESP2 or is over a limit; nothing can be read after that.
    Result<std::optional<Reply>> next();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// The first word of an error reply: "MOVED", "WRONGTYPE"; empty for any other reply.
std::string_view error_code(const Reply& reply);

}  // namespace cadenza::redis
