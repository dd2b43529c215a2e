#pragma once

// What the rest of the server knows of Redis: one command, one reply, within a time. How many connections
// and nodes are behind it is its own affair.

#include "server/base/deadline.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cadenza::redis {

namespace asio = boost::asio;

// One reply in RESP2.
struct Reply {
    enum class Kind { nil, integer, text, array, error };
    Kind kind{Kind::nil};
    std::int64_t integer{};
    std::string text;  // of text and error; binary-safe
    std::vector<Reply> items;

    bool operator==(const Reply&) const = default;
};

struct Command {
    std::vector<std::string> words;  // "SET", key, value; binary-safe
    std::string key;                 // decides the node of a cluster; empty: any node
    bool repeatable{};  // doing it twice is as good as once, so it may be sent again when a connection broke
};

class Client {
public:
    virtual ~Client() = default;

    // Errors: storage_failed (unreachable, or lost before the reply), timed_out. An error Redis itself
    // answers is a reply of that kind, except those about its state (LOADING, READONLY, CLUSTERDOWN …),
    // which are storage_failed once waiting and redirection did not help.
    virtual asio::awaitable<Result<Reply>> run(Command command, server::Deadline deadline) = 0;
};

}  // namespace cadenza::redis
