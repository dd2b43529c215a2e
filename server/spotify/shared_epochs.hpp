#pragma once

// What epochs.hpp is within one process, for several over one Redis. A kind of answers of an account has an
// epoch, a random text: what is kept was asked for in an epoch and is found in no other. A write ends the
// epoch of what it changes, and whoever reads next draws another. A Redis that lost its data begins anew; one
// that lost only the latest (a restart from an older file, a failover) may bring an ended epoch back, which
// matters for no longer than answers are kept.
// Keys: "<prefix>epoch:<account>", a hash of the kind's number to the epoch, kept a little longer than any
// answer.

#include "server/base/log.hpp"
#include "server/redis/client.hpp"
#include "server/spotify/upstream.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cadenza::server {

class SharedEpochs {
public:
    // `redis` and `log` must outlive the executor's work. Processes with the same prefix share.
    SharedEpochs(asio::any_io_executor executor, redis::Client& redis, std::string prefix, const Log& log);

    // The epoch that holds now. nullopt: Redis does not tell, so what is kept may be old.
    asio::awaitable<std::optional<std::string>> of(std::string account, Kept kind);
    // Ends it. What Redis does not take now is told to it again until nothing is kept any more that the
    // others could serve wrongly.
    asio::awaitable<void> end(std::string account, Kept kind);
    // Ends those of all kinds.
    asio::awaitable<void> end_all(std::string account);

private:
    struct State;
    std::shared_ptr<State> state_;  // what is to be told again goes on without this
};

}  // namespace cadenza::server
