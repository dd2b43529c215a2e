#pragma once

// A server that reads requests and answers whatever a test tells it to, well-formed or not.

#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cadenza::http {

// What one connection gets: an answer to each request, then the close.
struct Script {
    std::vector<std::string> answers;
    bool hang{};  // instead of closing, wait for the client to close
};

class ScriptedServer {
public:
    // Serves as many connections as there are scripts, one after the other; with `tls`, over TLS.
    explicit ScriptedServer(std::vector<Script> scripts, boost::asio::ssl::context* tls = nullptr);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::string origin(const std::string& host = "127.0.0.1") const;
    // Every request as it came, in order.
    std::vector<std::string> requests() const;
    std::size_t accepted() const { return accepted_; }
    // Waits until that many connections have ended on this side.
    bool ended(std::size_t count) const;

private:
    void serve();
    template <class Stream>
    void play(Stream& stream, const Script& script);

    std::vector<Script> scripts_;
    boost::asio::ssl::context* tls_;
    int listening_{-1};
    std::uint16_t port_{};
    std::atomic<std::size_t> accepted_{};
    std::atomic<std::size_t> ended_{};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace cadenza::http
