#pragma once

// What an error reply asks of us: most are the caller's, some are about the state of the server.

#include "server/redis/client.hpp"
#include "server/redis/link.hpp"

#include <chrono>

namespace cadenza::redis {

enum class Verdict {
    answer,     // the caller's
    wait,       // LOADING, MASTERDOWN, BUSY, TRYAGAIN, CLUSTERDOWN: it was not carried out, and passes
    elsewhere,  // READONLY: it was not carried out, this is no master any more
    moved,      // MOVED and ASK name the node of a cluster that will carry it out
    ask,
};

Verdict verdict_on(const Reply& reply);

// The time a command may spend on a state that passes, in pauses that are random and grow.
class Patience {
public:
    Patience(const Timeouts& timeouts, server::Deadline deadline, Jitter jitter);

    // False when there is no time left; else returns after a pause.
    asio::awaitable<bool> pause();

private:
    server::Deadline end_;
    Jitter jitter_;
    std::chrono::milliseconds bound_{50};
};

// An error reply about the state of the server, for a caller who waited in vain.
Error state_error(const Reply& reply);

}  // namespace cadenza::redis
