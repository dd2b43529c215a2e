#pragma once

// Every wait for something outside takes its time out of one budget, the request's. What has no time left
// is not begun.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace cadenza::server {

namespace asio = boost::asio;

using Deadline = std::chrono::steady_clock::time_point;

// Negative once it has passed.
inline std::chrono::milliseconds left(Deadline deadline) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
}

// The time a step may take that would like to take `step`; at least 1 ms, so that it fails by itself.
inline std::chrono::milliseconds at_most(std::chrono::milliseconds step, Deadline deadline) {
    return std::clamp(left(deadline), std::chrono::milliseconds(1), step);
}

namespace detail {

template <class T>
struct Landing {
    explicit Landing(const asio::any_io_executor& on) : landed(on) {}
    asio::steady_timer landed;
    std::optional<T> result;
    std::exception_ptr error;
};

// co_spawn's own handler would hear of it a turn of the loop later, even where nothing had to be waited for.
template <class T>
asio::awaitable<void> land(std::shared_ptr<Landing<T>> landing, asio::awaitable<T> work) {
    try {
        landing->result.emplace(co_await std::move(work));
    } catch (...) {
        landing->error = std::current_exception();
    }
    landing->landed.cancel();
}

}  // namespace detail

// What `work` returns, or nullopt when that takes longer. The work goes on then, and nobody hears how it
// ended: it must own what it uses. Rethrows what it threw in time. `executor` must be the caller's.
template <class T>
asio::awaitable<std::optional<T>> within(asio::any_io_executor executor, Deadline deadline,
                                         asio::awaitable<T> work) {
    const auto landing = std::make_shared<detail::Landing<T>>(executor);
    landing->landed.expires_at(deadline);
    asio::co_spawn(executor, detail::land(landing, std::move(work)), asio::detached);
    boost::system::error_code ignored;
    // Work without any wait is done by now, and nothing would wake us.
    if (!landing->result && !landing->error)
        co_await landing->landed.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (landing->error) std::rethrow_exception(landing->error);
    co_return std::move(landing->result);
}

}  // namespace cadenza::server
