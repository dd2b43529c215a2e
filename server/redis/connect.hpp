#pragma once

#include "server/redis/client.hpp"
#include "server/redis/link.hpp"
#include "server/redis/options.hpp"

#include <memory>

namespace cadenza::redis {

// A client for what `options` describe; it begins to connect at once and comes back by itself from every
// outage. Both the event loop of `executor`, which must be of one thread, and `observer` must outlive it.
std::unique_ptr<Client> connect(const asio::any_io_executor& executor, const Options& options,
                                Observer observer);
// Tests bring their own random numbers.
std::unique_ptr<Client> connect(const asio::any_io_executor& executor, const Options& options,
                                Observer observer, Jitter jitter);

}  // namespace cadenza::redis
