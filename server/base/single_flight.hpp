#pragma once

// Several callers that want the same thing at the same time share one piece of work.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cadenza::server {

namespace asio = boost::asio;

template <class T>
class SingleFlight {
public:
    explicit SingleFlight(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    // Runs `work` unless it is under way for `key`; the answer goes to everybody who asked meanwhile. The
    // work goes on when the caller that began it is gone. What it throws, everybody gets.
    asio::awaitable<T> run(std::string key, std::function<asio::awaitable<T>()> work) {
        auto& place = (*flights_)[key];
        const bool first = !place;
        if (first) place = std::make_shared<Flight>(executor_);
        const auto flight = place;  // the work may be done, and the place gone, before co_spawn returns
        if (first) asio::co_spawn(executor_, fly(flights_, std::move(key), std::move(work)), asio::detached);
        boost::system::error_code ignored;
        // The timer never expires; cancelling it wakes everybody.
        while (!flight->result && !flight->error)
            co_await flight->landed.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (flight->error) std::rethrow_exception(flight->error);
        co_return *flight->result;
    }

    bool is_under_way(const std::string& key) const { return flights_->contains(key); }
    std::size_t in_flight() const noexcept { return flights_->size(); }

private:
    struct Flight {
        explicit Flight(const asio::any_io_executor& executor) : landed(executor) {
            landed.expires_at(asio::steady_timer::time_point::max());
        }
        asio::steady_timer landed;
        std::optional<T> result;
        std::exception_ptr error;
    };
    using Flights = std::map<std::string, std::shared_ptr<Flight>>;

    static asio::awaitable<void> fly(std::shared_ptr<Flights> flights, std::string key,
                                     std::function<asio::awaitable<T>()> work) {
        std::optional<T> result;
        std::exception_ptr error;
        try {
            result.emplace(co_await work());
        } catch (...) {
            error = std::current_exception();
        }
        const auto found = flights->find(key);
        const auto flight = found->second;
        flights->erase(found);
        flight->result = std::move(result);
        flight->error = error;
        flight->landed.cancel();
    }

    asio::any_io_executor executor_;
    std::shared_ptr<Flights> flights_ = std::make_shared<Flights>();
};

}  // namespace cadenza::server
