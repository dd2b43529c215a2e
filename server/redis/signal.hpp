#pragma once

// Wakes everybody who waits for something to change. For one thread, as everything on one event loop.

#include "server/base/deadline.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace cadenza::redis {

namespace asio = boost::asio;

class Signal {
public:
    explicit Signal(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    // Returns at the next call of notify(), or when the time is over. The signal may be gone by then.
    asio::awaitable<void> wait(server::Deadline deadline) {
        const auto timer = std::make_shared<asio::steady_timer>(executor_, deadline);
        std::erase_if(waiting_, [](const auto& waiter) { return waiter.expired(); });
        waiting_.push_back(timer);
        boost::system::error_code ignored;
        co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    void notify() {
        for (const auto& waiter : std::exchange(waiting_, {}))
            if (const auto timer = waiter.lock()) timer->cancel();
    }

private:
    asio::any_io_executor executor_;
    std::vector<std::weak_ptr<asio::steady_timer>> waiting_;
};

}  // namespace cadenza::redis
