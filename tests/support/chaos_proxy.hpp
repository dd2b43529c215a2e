#pragma once

// A TCP proxy on 127.0.0.1 that makes the network between a client and a server as bad as a test wants it.
// It runs on a thread of its own; every member may be called from the test's.
//
//   ChaosProxy proxy(server.port());
//   client connects to proxy.port()
//   proxy.set({.latency = 50ms, .slice = 1});   // from now on, on every connection
//   proxy.set({.swallow_answers = true});       // requests arrive, answers do not: half-open
//   proxy.set({});                              // fair weather again
//   proxy.cut();                                // all connections end, orderly
//   proxy.reset();                              // all connections end by a reset

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cadenza {

class ChaosProxy {
public:
    struct Weather {
        std::chrono::milliseconds latency{0};  // added to each read, in both directions
        std::size_t slice{0};                  // bytes are passed on in pieces of that size; 0: as they come
        bool swallow_requests{};               // what the client sends is read and thrown away
        bool swallow_answers{};                // the same with what the server sends
        bool refuse{};                         // new connections are closed at once
        // After that many bytes from the server, on one connection, it is cut.
        std::size_t cut_after{std::numeric_limits<std::size_t>::max()};
    };

    explicit ChaosProxy(int target_port);
    ~ChaosProxy();
    ChaosProxy(const ChaosProxy&) = delete;
    ChaosProxy& operator=(const ChaosProxy&) = delete;

    int port() const { return port_; }
    void set(Weather weather);
    // New connections lead there.
    void set_target(int port);
    void cut();
    void reset();

    std::size_t accepted() const { return accepted_; }  // ever
    std::size_t open() const { return open_; }          // now
    // Bytes that came from clients, ever.
    std::size_t requested() const { return requested_; }

private:
    class Pair;
    void accept();
    void on_thread(const std::function<void()>& task);
    Weather weather() const;

    std::atomic<std::size_t> accepted_{0};
    std::atomic<std::size_t> open_{0};
    std::atomic<std::size_t> requested_{0};
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    struct Listening;
    std::unique_ptr<Listening> listening_;
    mutable std::mutex mutex_;
    Weather weather_;
    int target_;
    int port_{};
    std::vector<std::weak_ptr<Pair>> pairs_;
    std::thread thread_;
};

}  // namespace cadenza
