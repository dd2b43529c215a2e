#pragma once

// Finds the master through the sentinels that watch it.

#include "server/redis/master_client.hpp"

namespace cadenza::redis {

// Asks the sentinels of `options`, the last one that knew first, for the master and connects to it; a server
// that says it is none is left.
Link::Dial dial_master(const asio::any_io_executor& executor, const Options& options);

// As MasterClient, and told by a sentinel when the master changes: a master that was replaced may go on
// taking commands for a while where the sentinels cannot reach it and we can.
class SentinelClient : public MasterClient {
public:
    SentinelClient(const asio::any_io_executor& executor, const Options& options, const Jitter& jitter,
                   Observer observer);
    ~SentinelClient() override;
    SentinelClient(const SentinelClient&) = delete;
    SentinelClient& operator=(const SentinelClient&) = delete;

private:
    std::shared_ptr<Link> news_;  // a subscription
};

}  // namespace cadenza::redis
