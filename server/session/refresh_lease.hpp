#pragma once

#include "server/services.hpp"

#include <memory>
#include <string>

namespace cadenza::server {

// A lease on refreshing one session, renewed until it is let go. Should its holder die, it ends by itself.
class RefreshLease {
public:
    // `services` must outlive the renewal, which ends soon after let_go(). `time`: until it ends unrenewed.
    RefreshLease(const Services& services, std::string key,
                 std::chrono::milliseconds time = std::chrono::seconds(10));

    // Whether it is ours now. Errors: storage_failed.
    asio::awaitable<Result<bool>> take();
    asio::awaitable<void> let_go();

private:
    struct State;
    static asio::awaitable<void> renew(std::shared_ptr<State> state);

    std::shared_ptr<State> state_;
};

}  // namespace cadenza::server
