#pragma once

// A listener on a free loopback port, served by a thread of its own, and a peer that speaks raw bytes to it.

#include "server/http/listener.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cadenza::http {

class LiveServer {
public:
    // `handler` runs on the server's thread. Default: 200 with the request's body.
    explicit LiveServer(ListenerOptions options = {}, Handler handler = {});
    ~LiveServer();
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // What reached the handler so far.
    std::vector<Request> requests() const;
    // Waits until that many did; false after ten seconds.
    bool saw(std::size_t count) const;

    std::size_t connections();
    // Waits until that many connections are open; false after ten seconds.
    bool holds(std::size_t count);
    // Runs the listener's drain to its end and returns how long that took.
    std::chrono::milliseconds drain(std::chrono::milliseconds deadline);

    // Begins to drain, on the server's thread, before anything else happens there.
    void begin_drain(std::chrono::milliseconds deadline);

    // Runs `task` on the server's thread and waits for it.
    void on_thread(const std::function<void()>& task);
    asio::io_context& context() { return context_; }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    mutable std::mutex mutex_;
    std::vector<Request> requests_;
    Handler handler_;
    std::optional<Listener> listener_;
    std::uint16_t port_{};
    std::thread thread_;
};

// Calls `condition` until it is true; false after ten seconds.
bool wait_until(const std::function<bool()>& condition);

// A blocking client socket. Every wait ends after ten seconds at the latest, with an exception.
class Peer {
public:
    // `receive_buffer` as the kernel is asked for it; 0 leaves it to the kernel.
    explicit Peer(std::uint16_t port, int receive_buffer = 0);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    // False when the server no longer takes bytes.
    bool send(std::string_view bytes);
    // Says that nothing more follows, and keeps reading.
    void finish();
    // Leaves without a goodbye: the server gets a reset.
    void vanish();
    // What comes until the server closes.
    std::string read_all();
    // What comes until the text read so far contains `end`, or the server closes.
    std::string read_until(std::string_view end);
    // Whether the server ended the last read by a reset instead of an orderly close.
    bool was_reset() const { return reset_; }

private:
    bool read_some(std::string& into);

    int socket_{-1};
    bool reset_{};
};

struct Answer {
    int status{};
    std::string head;  // with the status line, without the blank line
    std::string body;

    // The first field of that name in lower-case, or "".
    std::string field(std::string_view name) const;
};

// Splits what a server sent; throws on anything malformed. `methods` says which answers have no body
// ("HEAD").
std::vector<Answer> answers_in(std::string_view bytes, const std::vector<std::string>& methods = {});

// Sends everything, says that nothing follows and returns what comes back.
std::string ask(const LiveServer& server, std::string_view bytes);

}  // namespace cadenza::http
