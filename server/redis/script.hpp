#pragma once

// Lua scripts, sent by their name and whole only to a server that does not have them yet.

#include "server/redis/client.hpp"

#include <string>
#include <vector>

namespace cadenza::redis {

struct Script {
    explicit Script(std::string lua);

    std::string text;
    std::string sha1;  // as Redis names it: 40 hex digits
};

struct ScriptCall {
    std::vector<std::string> keys;       // of one slot; the first decides the node of a cluster
    std::vector<std::string> arguments;  // ARGV
    bool repeatable{};                   // as in Command
};

// Errors: those of Client::run(). `script` and `client` must live until the reply.
asio::awaitable<Result<Reply>> run_script(Client& client, const Script& script, ScriptCall call,
                                          server::Deadline deadline);

}  // namespace cadenza::redis
